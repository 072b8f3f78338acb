import { type Instant, PlimsollError, type Problem } from '../../kernel/index.ts'
import { nameLabel, type Reading, staleMarker } from '../../series/index.ts'

/** One series as VictoriaMetrics exports it: times in milliseconds, as many as values, oldest first. */
export type BroughtSeries = {
  readonly metric: Readonly<Record<string, string>>
  readonly values: readonly number[]
  readonly timestamps: readonly Instant[]
}

/** What was not collected here, but brought along; `from` and `until` are of its first and its last number. */
export type History = {
  readonly readings: readonly Reading[]
  readonly from: Instant
  readonly until: Instant
}

/** Where a series comes from. What was collected here has no such label. */
export const originLabel = 'plimsoll_origin'
export const backFilled = 'back-filled'

type Scope = { readonly service: string; readonly environment: string }

function problemsOf({ metric, values, timestamps }: BroughtSeries, at: string, now: Instant): Problem[] {
  const found: string[] = []
  if (!metric[nameLabel]) found.push(`has no ${nameLabel}`)
  if (originLabel in metric) found.push(`has the label ${originLabel}, which says what is brought along`)
  if (values.length === 0) found.push('has no values')
  if (values.length !== timestamps.length)
    found.push(`has ${values.length} values and ${timestamps.length} times`)
  if (timestamps.some((time, i) => i > 0 && time <= (timestamps[i - 1] as number)))
    found.push('is not in order: expected the oldest first, each time once')
  // What is named so is a counter, and rates of what is none would be wild numbers.
  if (metric[nameLabel]?.endsWith('_total') && values.some((value) => value < 0))
    found.push('counts below zero, expected a counter')
  if (timestamps.some((time) => time >= now)) found.push('tells of what is still to come')
  return found.map((text) => ({ at, text: `${at} ${text}` }))
}

/** The numbers of a series, and that it has ended: its last one does not count on. */
function readingsOf({ metric, values, timestamps }: BroughtSeries, scope: Scope): Reading[] {
  const { [nameLabel]: name = '', ...others } = metric
  const labels = {
    ...others,
    service_name: scope.service,
    deployment_environment_name: scope.environment,
    [originLabel]: backFilled,
  }
  const said = timestamps.map((at, i) => ({ name, labels, at, value: values[i] as number }))
  return [...said, { name, labels, at: (timestamps.at(-1) as number) + 1, value: staleMarker }]
}

/**
 * What another tool knows of an environment, under the labels by which it is counted here; everything says that it was
 * brought along.
 * @throws PLM_USAGE with everything that is wrong with it
 */
export function planHistory(all: readonly BroughtSeries[], scope: Scope, now: Instant): History {
  const problems = all.flatMap((one, i) => problemsOf(one, `series ${i + 1}`, now))
  if (all.length === 0) problems.push({ text: 'there is no series' })
  if (problems.length > 0) throw new PlimsollError('PLM_USAGE', problems)
  const times = all.flatMap(({ timestamps }) => [timestamps[0] as number, timestamps.at(-1) as number])
  return {
    readings: all.flatMap((one) => readingsOf(one, scope)),
    from: Math.min(...times),
    until: Math.max(...times),
  }
}
