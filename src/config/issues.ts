import type { z } from 'zod'
import { type Json, nearest } from '../kernel/index.ts'
import { type Finding, finding } from './finding.ts'
import { describeFound, listChoices } from './found.ts'
import { type KeyPath, valueAt } from './keyPath.ts'
import { serviceConfig } from './schema.ts'
import { allowedKeys } from './schemaWalk.ts'

type Issue = z.core.$ZodIssue

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

/** Our schemas say themselves what they expect where the type alone would not help. */
const saysExpected = (message: string): boolean => message.startsWith('expected ')

/** The kinds that there are, when the issue is that there is none of this name. */
const kindsOf = (issue: Issue): readonly string[] | undefined =>
  issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)
    ? issue.options.map(String)
    : undefined

/** What is allowed at the place of an issue. */
function expectation(issue: Issue, found: Json | undefined): string {
  const kinds = kindsOf(issue)
  if (kinds && typeof found === 'string') return `expected ${listChoices(kinds)}`
  if (saysExpected(issue.message)) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${typeNames[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `expected ${listChoices(issue.values.map(String))}`
    case 'too_small':
      return issue.origin === 'number'
        ? `expected ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}`
        : expectSome(issue.origin)
    case 'too_big':
      return `expected at most ${issue.maximum}`
    case 'invalid_format':
      return startOf(issue) === undefined ? issue.message : `expected it to start with '${startOf(issue)}'`
    default:
      return issue.message
  }
}

/** What a text has to start with, when that is the issue. */
const startOf = (issue: Issue): string | undefined =>
  issue.code === 'invalid_format' && 'prefix' in issue ? String(issue.prefix) : undefined

const expectSome = (origin: string): string =>
  origin === 'array' ? 'expected at least one entry' : 'expected some text'

function suggestion(issue: Issue, found: Json | undefined): string | undefined {
  if (issue.code === 'custom') return issue.params?.didYouMean
  if (typeof found !== 'string' || found === '') return undefined
  const choices = issue.code === 'invalid_value' ? issue.values.map(String) : kindsOf(issue)
  if (choices) return nearest(found, choices)
  if (issue.code === 'invalid_type') return convertText(issue.expected, found)
  const start = startOf(issue)
  return start === undefined ? undefined : `${start}${found}`
}

/** `'3'` where a number is expected: 3. */
function convertText(expected: string, found: string): string | undefined {
  if (expected === 'number' && found.trim() !== '' && Number.isFinite(Number(found))) return found.trim()
  if (expected === 'boolean' && /^(true|false)$/i.test(found)) return found.toLowerCase()
  return expected === 'array' ? `['${found}']` : undefined
}

function describeUnknownKey(path: KeyPath, key: string, root: Json): Finding {
  const allowed = allowedKeys(serviceConfig, path, root)
  return finding([...path, key], `is unknown, expected ${listChoices(allowed)}`, nearest(key, allowed))
}

function describeBadName(path: KeyPath, issue: z.core.$ZodIssueInvalidKey): Finding {
  const message = issue.issues[0]?.message ?? issue.message
  return finding(path, `cannot be called so, ${message}`)
}

/**
 * Of a union of which no option fits: the issues of the one that the value chose by its `kind`, or that has the shape
 * of the value; undefined when there is none.
 */
function issuesOfChosen(issue: Issue): readonly Issue[] | undefined {
  if (issue.code !== 'invalid_union' || !Array.isArray(issue.errors)) return undefined
  const isInside = (one: Issue): boolean =>
    one.code === 'unrecognized_keys' || (one.path.length > 0 && one.path[0] !== 'kind')
  const [chosen, ...others] = issue.errors.filter((errors) => errors.length > 0 && errors.every(isInside))
  if (!chosen || others.length > 0) return undefined
  return chosen.map((one) => ({ ...one, path: [...issue.path, ...one.path] }))
}

/** What one issue of zod means, in our words. An issue about several keys becomes several findings. */
export function describeIssue(issue: Issue, root: Json): readonly Finding[] {
  const path = issue.path as KeyPath
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => describeUnknownKey(path, key, root))
  const inside = issuesOfChosen(issue)
  if (inside) return inside.flatMap((one) => describeIssue(one, root))
  if (issue.code === 'invalid_key') return [describeBadName(path, issue)]
  const found = valueAt(root, path)
  const what = found === undefined ? 'is missing' : `is ${describeFound(path, found)}`
  return [finding(path, `${what}, ${expectation(issue, found)}`, suggestion(issue, found))]
}
