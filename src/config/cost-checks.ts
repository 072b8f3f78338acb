import { type Json, nearest } from '../kernel/index.ts'
import { type Finding, finding } from './finding.ts'
import { listChoices } from './found.ts'
import { valueAt } from './keyPath.ts'

const keysOf = (value: Json | undefined): readonly string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []

/** Prices of instances are those of environments that there are. */
export function checkCosts(root: Json): readonly Finding[] {
  const path = ['predict', 'costs', 'environments']
  const known = keysOf(valueAt(root, ['environments']))
  const allowed = known.length === 0 ? 'there is none' : `expected ${listChoices(known)}`
  return keysOf(valueAt(root, path))
    .filter((name) => !known.includes(name))
    .map((name) => finding([...path, name], `is of no environment, ${allowed}`, nearest(name, known)))
}
