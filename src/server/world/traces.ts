import { gzipSync } from 'node:zlib'
import type { Sent, Traces } from '../../flow/traces/follower.ts'
import { otlpRequest } from '../../flow/traces/plan/otlp.ts'
import type { Attributes, Trace } from '../../flow/traces/plan/span.ts'
import { PlimsollError } from '../../kernel/index.ts'

type Env = Readonly<Record<string, string | undefined>>

/** What OpenTelemetry's variables say of where traces go, and how. */
export type TracesSettings = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly gzip: boolean
  readonly resource: Attributes
}

const usualTimeoutMs = 10_000
/** What is wrong with the rest of a longer answer is of no interest. */
const longestAnswer = 64 * 2 ** 10

/** The text of the variable for traces, or else of that for everything; what is empty is not there. */
const said = (env: Env, name: string): string | undefined =>
  env[`OTEL_EXPORTER_OTLP_TRACES_${name}`] || env[`OTEL_EXPORTER_OTLP_${name}`] || undefined

function urlIn(env: Env): string | undefined {
  const own = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
  if (own) return own
  const whole = env.OTEL_EXPORTER_OTLP_ENDPOINT
  return whole ? `${whole.replace(/\/+$/, '')}/v1/traces` : undefined
}

/** `name=value,other=value`, with escapes as in an address. */
function pairsIn(text: string, variable: string, problems: string[]): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '')
  return Object.fromEntries(
    pairs.flatMap((pair) => {
      const [, name = '', value = ''] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? []
      if (name !== '')
        try {
          return [[decodeURIComponent(name), decodeURIComponent(value)]]
        } catch {}
      // The text may be a secret.
      problems.push(`${variable}: expected name=value, separated by commas, with % escapes`)
      return []
    }),
  )
}

function headersIn(env: Env, problems: string[]): Record<string, string> {
  const pairs = pairsIn(said(env, 'HEADERS') ?? '', 'OTEL_EXPORTER_OTLP_HEADERS', problems)
  try {
    new Headers(pairs)
  } catch {
    problems.push('OTEL_EXPORTER_OTLP_HEADERS: a name or a value is none that a header may have')
  }
  return pairs
}

function checkUrl(url: string, problems: string[]): void {
  const address = URL.parse(url)
  if (!address || !/^https?:$/.test(address.protocol))
    problems.push(
      `OTEL_EXPORTER_OTLP_ENDPOINT is ${JSON.stringify(url)}, expected an address with http:// or https://`,
    )
  else if (address.username !== '' || address.password !== '')
    problems.push(
      'OTEL_EXPORTER_OTLP_ENDPOINT has a user name or a password: say them in OTEL_EXPORTER_OTLP_HEADERS',
    )
}

/**
 * Reads OpenTelemetry's own variables.
 * @returns undefined when they name no collector, or say that there is to be none
 * @throws PLM_TRACES_INVALID with everything that is wrong
 */
export function readTracesSettings(env: Env): TracesSettings | undefined {
  const url = urlIn(env)
  const isOff = env.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER === 'none'
  if (url === undefined || isOff) return undefined
  const problems: string[] = []
  checkUrl(url, problems)
  const protocol = said(env, 'PROTOCOL')
  if (protocol !== undefined && protocol !== 'http/json')
    problems.push(
      `OTEL_EXPORTER_OTLP_PROTOCOL is ${JSON.stringify(protocol)}, expected http/json: Plimsoll speaks no other`,
    )
  const compression = said(env, 'COMPRESSION') ?? 'none'
  if (compression !== 'gzip' && compression !== 'none')
    problems.push(`OTEL_EXPORTER_OTLP_COMPRESSION is ${JSON.stringify(compression)}, expected gzip or none`)
  const timeout = said(env, 'TIMEOUT') ?? String(usualTimeoutMs)
  if (!/^\d+$/.test(timeout) || Number(timeout) === 0)
    problems.push(`OTEL_EXPORTER_OTLP_TIMEOUT is ${JSON.stringify(timeout)}, expected milliseconds`)
  const headers = headersIn(env, problems)
  const own = pairsIn(env.OTEL_RESOURCE_ATTRIBUTES ?? '', 'OTEL_RESOURCE_ATTRIBUTES', problems)
  const [first, ...others] = problems.map((text) => ({ text }))
  if (first) throw new PlimsollError('PLM_TRACES_INVALID', [first, ...others])
  const name = env.OTEL_SERVICE_NAME
  return {
    url,
    headers,
    timeoutMs: Number(timeout),
    gzip: compression === 'gzip',
    resource: { 'service.name': 'plimsoll', ...own, ...(name ? { 'service.name': name } : {}) },
  }
}

/** These say of what was sent that it cannot be read; it would not be any better the next time. */
const refusals: readonly number[] = [400, 413, 415, 422]

/** In seconds, or as a date. */
function waitIn(header: string | null): { readonly afterMs?: number } {
  if (header === null) return {}
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) && ms > 0 ? { afterMs: ms } : {}
}

async function textOf(answer: Response): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const part of answer.body ?? []) {
    text += decoder.decode(part, { stream: true })
    if (text.length > longestAnswer) break
  }
  return text
}

/** How many spans the collector says that it has not taken of a request that it has. */
function rejectedIn(text: string): number {
  try {
    const { partialSuccess } = JSON.parse(text) as { partialSuccess?: { rejectedSpans?: unknown } }
    const rejected = Number(partialSuccess?.rejectedSpans ?? 0)
    return Number.isFinite(rejected) && rejected > 0 ? rejected : 0
  } catch {
    return 0
  }
}

/** What went wrong, without the address, which may have a secret in it. */
function whyOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } }
  if (name === 'TimeoutError') return 'the collector of traces did not answer in time'
  return `the collector of traces does not answer${cause?.code === undefined ? '' : ` (${cause.code})`}`
}

/** Sends traces to a collector by OTLP over HTTP, in JSON. */
export function createTraces(settings: TracesSettings, version: string): Traces {
  const { url, headers, timeoutMs, gzip } = settings
  const resource = { 'service.version': version, ...settings.resource }
  async function post(trace: Trace, signal: AbortSignal): Promise<Sent> {
    const text = JSON.stringify(otlpRequest(trace, resource, version))
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      headers: {
        'user-agent': `Plimsoll/${version}`,
        ...headers,
        'content-type': 'application/json',
        ...(gzip ? { 'content-encoding': 'gzip' } : {}),
      },
      body: gzip ? gzipSync(text) : text,
    })
    const told = await textOf(answer)
    if (answer.ok) return { is: 'taken', rejected: rejectedIn(told) }
    const because = `the collector of traces answered ${answer.status}`
    if (refusals.includes(answer.status)) return { is: 'refused', because }
    return { is: 'later', because, ...waitIn(answer.headers.get('retry-after')) }
  }
  return {
    send: (trace, signal) => post(trace, signal).catch((error) => ({ is: 'later', because: whyOf(error) })),
  }
}
