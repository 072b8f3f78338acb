import type { Instant } from '../kernel/index.ts'

/** Labels of a series without its name; a label without text is none. */
export type Labels = Readonly<Record<string, string>>

/** The label by which matchers, and the labels of an answer, give the name of a series. */
export const nameLabel = '__name__'

/** One number of a series. `at` is in whole milliseconds. */
export type Reading = {
  readonly name: string
  readonly labels: Labels
  readonly at: Instant
  readonly value: number | typeof staleMarker
}

/** Numbers of one series, oldest first. The name is empty where a query has taken it away (a rate, a sum). */
export type Points = {
  readonly name: string
  readonly labels: Labels
  readonly times: Float64Array | readonly number[]
  readonly values: Float64Array | readonly number[]
}

/** A condition on a label; regular expressions match the whole text. A label that is not there is an empty text. */
export type Matcher = {
  readonly label: string
  readonly is: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

/**
 * As the value of a reading: its series has ended here, so that its last value does not count for five minutes more.
 * A word of its own rather than Prometheus' special NaN: what runs JavaScript may make any NaN another one.
 */
export const staleMarker = 'stale'

const byText = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  a < b ? -1 : a > b ? 1 : 0

/** The same text for the same labels in whatever order. */
export function keyOf(labels: Labels): string {
  return JSON.stringify(
    Object.entries(labels)
      .filter(([, text]) => text !== '')
      .sort(byText),
  )
}

/** A series' labels with its name among them. */
export const withName = (name: string, labels: Labels): Labels => ({ ...labels, [nameLabel]: name })

export function withoutName(labels: Labels): Labels {
  if (!(nameLabel in labels)) return labels
  const { [nameLabel]: _, ...others } = labels
  return others
}
