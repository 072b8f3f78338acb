import { nearest } from '../kernel/index.ts'
import { type Finding, finding } from './finding.ts'
import { listChoices } from './found.ts'
import { type KeyPath, keyPathText } from './keyPath.ts'

/** A name that should be one of `known`, or what is wrong with it. */
export function checkName(
  path: KeyPath,
  name: string,
  known: readonly string[],
  what: string,
): readonly Finding[] {
  if (name === '' || known.includes(name)) return []
  const allowed = known.length === 0 ? `there is no ${what}` : `expected ${listChoices(known)}`
  return [finding(path, `is '${name}', ${allowed}`, nearest(name, known))]
}

/** Two of one name could not be told apart, in series and in what people are told; '' is no name. */
export const checkOwnNames = (path: KeyPath, names: readonly string[]): readonly Finding[] =>
  names.flatMap((name, i) => {
    const first = names.indexOf(name)
    if (first === i || name === '') return []
    const other = `${keyPathText([...path, first])} is called so, too`
    return [finding([...path, i, 'name'], `is '${name}', expected a name of its own: ${other}`)]
  })
