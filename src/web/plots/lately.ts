import type { HealthHistory } from '../../contract/index.ts'
import { formatExactly } from '../format.ts'
import type { Table } from './table.ts'

export type Line = HealthHistory['rate'][number]
export type Role = 'base' | 'change' | 'aside'

/** Requests that nobody could take are no release's. */
export const nameOfLine = (name: string): string => (name === '' ? 'no release' : name)

/** The newest value of a line, and where it is; undefined when nothing is known of it. */
function newest({ values }: Line): { readonly at: number; readonly value: number } | undefined {
  const at = values.findLastIndex((value) => value !== null)
  const value = values[at]
  return value === undefined || value === null ? undefined : { at, value }
}

/**
 * How each release is drawn, in all plots of an environment: the one that has most requests now as what is live, another
 * one that has some beside it, and those of before.
 */
export function rolesOf({ rate, times }: HealthHistory): ReadonlyMap<string, Role> {
  const now = rate
    .filter(({ name }) => name !== '')
    .map((line) => ({ name: line.name, ...newest(line) }))
    .filter(({ at = -1, value = 0 }) => at >= times.length - 2 && value > 0)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
  const roles = new Map<string, Role>(rate.map(({ name }) => [name, 'aside']))
  for (const [i, { name }] of now.slice(0, 2).entries()) roles.set(name, i === 0 ? 'base' : 'change')
  return roles
}

/** Pieces of a line that have no gap. @returns for each, the places of its values */
export function piecesOf({ values }: Line): readonly (readonly number[])[] {
  const pieces: number[][] = []
  values.forEach((value, i) => {
    if (value === null) return
    if (i > 0 && values[i - 1] !== null && pieces.length > 0) pieces.at(-1)?.push(i)
    else pieces.push([i])
  })
  return pieces
}

export const mostIn = (lines: readonly Line[]): number =>
  Math.max(0, ...lines.flatMap(({ values }) => values.flatMap((value) => value ?? [])))

/** What there is to read at a time. */
export function textAt(
  history: Pick<HealthHistory, 'times' | 'deployments'>,
  lines: readonly Line[],
  at: number,
  format: (value: number) => string,
): string {
  const time = history.times[at]
  if (time === undefined) return ''
  const said = lines.flatMap(({ name, values }) => {
    const value = values[at] ?? null
    return value === null ? [] : [`${nameOfLine(name)} ${format(value)}`]
  })
  const before = history.times[at - 1] ?? Number.NEGATIVE_INFINITY
  const done = history.deployments.filter((one) => one.at > before && one.at <= time).map(({ text }) => text)
  return [formatExactly(time), ...(said.length > 0 ? said : ['nothing is known']), ...done].join(', ')
}

const isNow = (line: Line): boolean =>
  (newest(line)?.at ?? Number.NEGATIVE_INFINITY) >= line.values.length - 2

/** Lines in a legend: those that are drawn alike are named together. */
export function legendOf(
  lines: readonly Line[],
  roles: ReadonlyMap<string, Role>,
): readonly { readonly role: Role; readonly text: string }[] {
  const roleOf = ({ name }: Line): Role => roles.get(name) ?? 'aside'
  const named = lines.filter((line) => roleOf(line) !== 'aside')
  const others = lines.filter((line) => roleOf(line) === 'aside')
  const rest =
    others.length > 2
      ? [{ role: 'aside' as const, text: `${others.length} ${named.length === 0 ? 'releases' : 'others'}` }]
      : undefined
  const each = (all: readonly Line[]) =>
    all.map((line) => ({ role: roleOf(line), text: nameOfLine(line.name) }))
  return [...each(named), ...(rest ?? each(others))]
}

/** What the lines show now, in a sentence. */
export function lineFinding(what: string, lines: readonly Line[], format: (value: number) => string): string {
  const now = lines.flatMap((line) => {
    const last = newest(line)
    return last && isNow(line) ? [`${format(last.value)} of ${nameOfLine(line.name)}`] : []
  })
  const nothing = now.length > 1 && lines.every((line) => (newest(line)?.value ?? 0) === 0 || !isNow(line))
  if (nothing) return `The ${what} now: ${format(0)}.`
  if (lines.length === 0) return `Nothing is known of the ${what} lately.`
  return now.length === 0 ? `Nothing is known of the ${what} now.` : `The ${what} now: ${now.join(', ')}.`
}

export const linesTable = (
  times: readonly number[],
  lines: readonly Line[],
  format: (value: number) => string,
): Table => ({
  heads: ['time', ...lines.map(({ name }) => nameOfLine(name))],
  rows: times.map((at, i) => [
    formatExactly(at),
    ...lines.map(({ values }) => {
      const value = values[i] ?? null
      return value === null ? '' : format(value)
    }),
  ]),
})

export const linesCsv = (times: readonly number[], lines: readonly Line[]): Table => ({
  heads: ['time', ...lines.map(({ name }) => nameOfLine(name))],
  rows: times.map((at, i) => [new Date(at).toISOString(), ...lines.map(({ values }) => values[i] ?? null)]),
})
