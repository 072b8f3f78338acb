import type { Problem } from './errors.ts'

/** Where a value stands in a document: keys of objects and indexes of lists, from the root. */
export type KeyPath = readonly (string | number)[]

const plainKey = /^[A-Za-z_$][\w$-]*$/

const formatPart = (part: string | number): string => {
  if (typeof part === 'number') return `[${part}]`
  return plainKey.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`
}

/** `slos[0].objective`, `environments.production`; nothing for the root. */
export const formatKeyPath = (path: KeyPath): string => path.map(formatPart).join('').replace(/^\./, '')

/**
 * What a schema does not find as it should be, as a problem of the value at that path.
 * @param path as schemas have it; documents have no symbols
 */
export function schemaProblem(path: readonly PropertyKey[], message: string): Problem {
  const text = message.replace(/^Invalid input: /, '')
  return path.length === 0 ? { text } : { at: formatKeyPath(path as KeyPath), text }
}
