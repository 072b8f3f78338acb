import type { Json } from '../../../kernel/index.ts'
import type { ProbeConfig } from '../config.ts'

export type HttpProbe = Extract<ProbeConfig, { kind: 'http' }>
export type TlsProbe = Extract<ProbeConfig, { kind: 'tls' }>
export type DnsProbe = Extract<ProbeConfig, { kind: 'dns' }>

/** An answer to a request, as far as it was read. */
export type HttpAnswer = {
  readonly status: number
  /** By small letters. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const longest = 80
const shortened = (text: string): string => (text.length <= longest ? text : `${text.slice(0, longest)}…`)
const shown = (text: string): string => JSON.stringify(shortened(text))

function statusProblem({ status: wanted }: HttpProbe, { status }: HttpAnswer): string | undefined {
  const allowed = wanted === undefined ? undefined : [wanted].flat()
  const isWanted = allowed ? allowed.includes(status) : status >= 200 && status < 300
  return isWanted ? undefined : `answered ${status}, expected ${allowed?.join(' or ') ?? '2xx'}`
}

const missing = Symbol('missing')

/** `database.replicas.0.lag`: keys, and places in lists. */
function valueAt(root: Json, path: string): Json | typeof missing {
  let here: Json | typeof missing = root
  for (const key of path.split('.')) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return missing
    here = (here as Readonly<Record<string, Json>>)[key] ?? null
  }
  return here
}

function parsed(text: string): { readonly json: Json } | undefined {
  try {
    return { json: JSON.parse(text) as Json }
  } catch {
    return undefined
  }
}

function jsonProblems({ json: wanted }: HttpProbe, { body }: HttpAnswer): readonly string[] {
  if (!wanted) return []
  const said = parsed(body)
  if (!said) return ['the body is no JSON']
  return Object.entries(wanted).flatMap(([path, value]) => {
    const found = valueAt(said.json, path)
    if (found === value) return []
    const is = found === missing ? 'is missing' : `is ${shortened(JSON.stringify(found))}`
    return [`${path} ${is}, expected ${JSON.stringify(value)}`]
  })
}

function headerProblems({ headers: wanted = {} }: HttpProbe, { headers }: HttpAnswer): readonly string[] {
  return Object.entries(wanted).flatMap(([name, text]) => {
    const found = headers[name.toLowerCase()]
    if (found?.includes(text)) return []
    return [
      `${name} ${found === undefined ? 'is missing' : `is ${shown(found)}`}, expected ${shown(text)} in it`,
    ]
  })
}

/** Everything that is not as expected of an answer. */
export function httpProblems(probe: HttpProbe, answer: HttpAnswer): readonly string[] {
  const status = statusProblem(probe, answer)
  const body = probe.body !== undefined && !answer.body.includes(probe.body)
  return [
    ...(status === undefined ? [] : [status]),
    ...headerProblems(probe, answer),
    ...(body ? [`the body does not hold ${shown(probe.body ?? '')}`] : []),
    ...jsonProblems(probe, answer),
  ]
}

/** A certificate as a connection found it. */
export type Certificate = { readonly endsAt: number; readonly distrust?: string | undefined }

const dayMs = 86_400_000

export function tlsProblems(
  probe: TlsProbe,
  { endsAt, distrust }: Certificate,
  now: number,
): readonly string[] {
  const days = Math.floor(Math.abs(endsAt - now) / dayMs)
  const time =
    endsAt < now
      ? [`the certificate ended ${days} days ago`]
      : endsAt - now < probe.left
        ? [`the certificate ends in ${days} days, expected at least ${Math.round(probe.left / dayMs)}`]
        : []
  return [...(probe.trusted && distrust ? [`the certificate is not trusted: ${distrust}`] : []), ...time]
}

export function dnsProblems({ type, host, holds }: DnsProbe, answers: readonly string[]): readonly string[] {
  if (answers.length === 0) return [`${host} has no ${type}`]
  if (holds === undefined || answers.includes(holds)) return []
  return [`${host} leads to ${answers.join(', ')}, expected ${holds} among them`]
}
