import { PlimsollError } from '../../kernel/errors.ts'
import type { Labels, Matcher } from '../series.ts'

/** RE2 may begin with flags for all of an expression, JavaScript may not. */
const leadingFlags = /^\(\?([imsU]+)\)/

function expressionOf(text: string): RegExp {
  const [all = '', flags = ''] = leadingFlags.exec(text) ?? []
  const kept = [...new Set(`${flags.replace('U', '')}s`)].join('')
  try {
    return new RegExp(`^(?:${text.slice(all.length)})$`, kept)
  } catch (error) {
    throw new PlimsollError('PLM_QUERY_INVALID', `${JSON.stringify(text)} is no regular expression`, {
      cause: error,
    })
  }
}

function conditionOf({ is, value }: Matcher): (text: string) => boolean {
  if (is === '=') return (text) => text === value
  if (is === '!=') return (text) => text !== value
  const expression = expressionOf(value)
  return is === '=~' ? (text) => expression.test(text) : (text) => !expression.test(text)
}

/**
 * Which series are meant.
 * @returns a condition on labels that have the name among them
 * @throws PLM_QUERY_INVALID when a matcher is no regular expression, or none excludes anything
 */
export function compileMatchers(matchers: readonly Matcher[]): (labels: Labels) => boolean {
  const conditions = matchers.map((one) => ({ label: one.label, holds: conditionOf(one) }))
  if (conditions.every(({ holds }) => holds('')))
    throw new PlimsollError(
      'PLM_QUERY_INVALID',
      'a selector needs a condition that an empty text does not meet',
    )
  return (labels) =>
    conditions.every(({ label, holds }) => holds(Object.hasOwn(labels, label) ? (labels[label] ?? '') : ''))
}
