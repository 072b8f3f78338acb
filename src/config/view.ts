import type { z } from 'zod'
import { type Json, oneLine, writeDuration } from '../kernel/index.ts'
import { looksSecret } from './clearText.ts'
import { type KeyPath, keyPathText, valueAt } from './keyPath.ts'
import { orderEnvironments } from './order.ts'
import { type ServiceConfig, serviceConfig } from './schema.ts'
import { isDuration, schemaBelow } from './schemaWalk.ts'

/** One line of the merged configuration. */
export type ConfigEntry = {
  readonly key: string
  /** How deep it stands, from 0. */
  readonly depth: number
  /** Undefined for a heading: its parts follow. */
  readonly value?: string
  /** True when the file does not say it. */
  readonly isDefault: boolean
}

/** The merged configuration for people: every value, defaults marked, secrets by name only. */
export type ConfigView = {
  readonly schemaVersion: 1
  readonly service: string
  /** The configuration with all defaults; durations in milliseconds; secrets as `secret(NAME)`. */
  readonly config: Json
  /** Key paths of what the file does not say. */
  readonly defaults: readonly string[]
  readonly entries: readonly ConfigEntry[]
}

const hidden = '(hidden: it looks like a secret in clear text)'

type JsonObject = { readonly [key: string]: Json | undefined }

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isSecret = (value: Json): value is { readonly secret: string } =>
  isObject(value) && Object.keys(value).length === 1 && typeof value.secret === 'string'

/** The configuration without anything confidential. */
function redact(value: Json, path: KeyPath = []): Json {
  if (isSecret(value)) return `secret(${value.secret})`
  if (typeof value === 'string') return value !== '' && looksSecret(path) ? hidden : value
  if (Array.isArray(value)) return value.map((item: Json, index) => redact(item, [...path, index]))
  if (!isObject(value)) return value
  const shown: [string, Json][] = Object.entries(value).flatMap(([key, item]) =>
    item === undefined ? [] : [[key, redact(item, [...path, key])]],
  )
  return Object.fromEntries(shown)
}

/** One place of the configuration on the walk through it. */
type Place = { readonly path: KeyPath; readonly value: Json; readonly schema: z.core.$ZodType | undefined }

function formatLeaf({ value, schema }: Place): string {
  if (typeof value === 'number') return schema && isDuration(schema) ? writeDuration(value) : String(value)
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ')
  return isObject(value) ? 'none' : String(value)
}

const isPlain = (value: Json): boolean => typeof value !== 'object' || value === null

/** True for what fits on one line: plain values, lists of them, and what is empty. */
function isLeaf(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isPlain)
  return Object.keys(value).length === 0
}

function partsOf({ path, value, schema }: Place): readonly Place[] {
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(isObject(value) ? value : {})
  return keys.map((key) => ({
    path: [...path, key],
    value: valueAt(value, [key]) ?? null,
    schema: schema && schemaBelow(schema, key, value),
  }))
}

function listEntries(place: Place, written: Json): readonly ConfigEntry[] {
  const last = place.path.at(-1)
  const shared = {
    key: typeof last === 'number' ? `[${last}]` : String(last),
    depth: place.path.length - 1,
    isDefault: valueAt(written, place.path) === undefined,
  }
  if (isLeaf(place.value)) return [{ ...shared, value: formatLeaf(place) }]
  return [shared, ...partsOf(place).flatMap((part) => listEntries(part, written))]
}

/** Paths of the outermost values that the file does not say. */
function listDefaults(place: Place, written: Json): readonly string[] {
  if (valueAt(written, place.path) === undefined) return [keyPathText(place.path)]
  return isLeaf(place.value) ? [] : partsOf(place).flatMap((part) => listDefaults(part, written))
}

/**
 * Builds the view of a configuration.
 * @param written what the file says, before defaults
 */
export function viewConfig(config: ServiceConfig, written: Json): ConfigView {
  const environments = orderEnvironments(config.environments).map((name) => [name, config.environments[name]])
  const redacted = redact({ ...config, environments: Object.fromEntries(environments) } as Json)
  const parts = partsOf({ path: [], value: redacted, schema: serviceConfig })
  return {
    schemaVersion: 1,
    service: config.service,
    config: redacted,
    defaults: parts.flatMap((part) => listDefaults(part, written)),
    entries: parts.flatMap((part) => listEntries(part, written)),
  }
}

const valueColumn = 26

/** The view as lines of text: keys indented, values in a column, `(default)` behind. */
export function formatConfig({ entries }: Pick<ConfigView, 'entries'>): string {
  return entries.map(formatEntry).join('\n')
}

function formatEntry({ key, depth, value, isDefault }: ConfigEntry): string {
  const label = '  '.repeat(depth) + key
  if (value === undefined) return label
  const mark = isDefault ? '   (default)' : ''
  return `${label.padEnd(valueColumn)} ${oneLine(value)}${mark}`
}
