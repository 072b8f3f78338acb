import type { z } from 'zod'
import { type Json, writeDuration } from '../kernel/index.ts'
import { type Finding, finding } from './finding.ts'
import { type KeyPath, valueAt } from './keyPath.ts'
import { serviceConfig } from './schema.ts'
import { isDuration, schemaBelow } from './schemaWalk.ts'

/** From so many on they are hardly seconds. */
const surelyMs = 1_000

/** `15`: seconds, as a rule; but that is not what a number of JavaScript says, so that both are offered. */
const meant = (found: number): string =>
  found < surelyMs ? `'${found}s' or '${found}ms'` : `'${writeDuration(found)}'`

const expected = "expected a duration with its unit, such as '30s', '5m' or '1m30s'"

const keysOf = (value: Json): readonly (string | number)[] =>
  Array.isArray(value)
    ? [...value.keys()]
    : Object.keys(typeof value === 'object' && value !== null ? value : {})

function below(path: KeyPath, value: Json, schema: z.core.$ZodType): readonly Finding[] {
  if (typeof value === 'number')
    return value > 0 && isDuration(schema) ? [finding(path, `is ${value}, ${expected}`, meant(value))] : []
  return keysOf(value).flatMap((key) => {
    const inner = schemaBelow(schema, key, value)
    return inner ? below([...path, key], valueAt(value, [key]) ?? null, inner) : []
  })
}

/**
 * Numbers without a unit where a duration is wanted, whatever its key is: `readyWithin: 15` would be 15 ms, and nobody means that.
 * Nothing is nothing in every unit, so that 0 may stand.
 */
export const checkDurations = (root: Json): readonly Finding[] => below([], root, serviceConfig)
