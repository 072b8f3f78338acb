import type { Json } from '../../../kernel/index.ts'
import type { DeploymentSettings } from '../order.ts'

/** Every environment has its own of these, in step or not. */
const own: readonly string[] = ['instances', 'strategy', 'bake', 'gates', 'waiting', 'port', 'wake']

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json | undefined } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const secretOf = (value: Json | undefined): string | undefined =>
  isObject(value) && Object.keys(value).length === 1 && typeof value.secret === 'string'
    ? value.secret
    : undefined

type Part = readonly [what: string, value: Json]

function leaves(value: Json | undefined, path: string): readonly Part[] {
  if (value === undefined) return []
  if (secretOf(value) !== undefined || !(isObject(value) || Array.isArray(value))) return [[path, value]]
  const entries: [string | number, Json | undefined][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value)
  return entries.flatMap(([key, item]) => {
    const name = String(key).replace(/Ms$/, '')
    return leaves(item, path === '' ? name : `${path}.${name}`)
  })
}

/**
 * Everything that decides how a release runs, by the name under which it is told and declared: `env.DB_URL`,
 * `start.command`. Whatever settings will know one day is among them.
 */
export function partsOf(settings: DeploymentSettings): ReadonlyMap<string, Json> {
  const { start, ...rest } = settings
  const { env, dataFolder, limits, ...starting } = start
  const ours = { start: starting, env, ...(limits ? { limits } : {}), data: dataFolder !== undefined }
  const all: Json = { ...rest, ...ours } as unknown as Json
  return new Map(leaves(all, '').filter(([what]) => !own.includes(what.split('.')[0] ?? '')))
}

/** Variables may hold secrets in clear text by mistake. */
const looksSecret = (what: string): boolean =>
  /(^|\.)env\./.test(what) && /pass(word|wd|phrase)|secret|token|api_?key|private_?key|credential/i.test(what)

const longest = 60

/** A value as people are told it; never that of a secret. */
export function sayPart(what: string, value: Json | undefined): string {
  if (value === undefined) return 'not given'
  const secret = secretOf(value)
  if (secret !== undefined) return `secret(${secret})`
  if (looksSecret(what)) return 'a value that is not shown'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}
