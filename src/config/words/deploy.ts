import type { ServiceInput } from '../schema.ts'

type Environment = NonNullable<ServiceInput['environments']>[string]
type Strategy = NonNullable<Environment['deploy']>
type Rolling = Extract<Strategy, { strategy: 'rolling' }>
type BlueGreen = Extract<Strategy, { strategy: 'blueGreen' }>
type Canary = Extract<Strategy, { strategy: 'canary' }>
type Counter = NonNullable<Canary['counters']>[number]

/**
 * A rolling deployment: `surge` new instances at a time (default 1) come before old ones go, never fewer than
 * before; then the new fleet alone must stay healthy for `bake` (a duration, default 0). Of workers, which take no
 * requests, the old ones go first with `overlap: false`: never two versions at once.
 *
 * @example
 * import { rolling } from 'plimsoll'
 *
 * const deploy = rolling({ surge: 2, bake: '1m' })
 */
export const rolling = (options: Omit<Rolling, 'strategy'> = {}): Rolling => ({
  strategy: 'rolling',
  ...options,
})

/**
 * All new instances beside the old ones, then all requests at once. The old ones stay, so that everything can go back
 * at once, until the new ones alone have stayed healthy for `bake` (a duration, default 1 minute).
 *
 * @example
 * import { blueGreen } from 'plimsoll'
 *
 * const deploy = blueGreen({ bake: '5m' })
 */
export const blueGreen = (options: Omit<BlueGreen, 'strategy'> = {}): BlueGreen => ({
  strategy: 'blueGreen',
  ...options,
})

/**
 * A canary: all new instances beside the old ones, then more and more of the requests, judged against the live
 * version all the while. Shares and times are planned from the traffic, to find a release that fails `find` of its
 * requests (default 0.05). It is rolled back as soon as it is worse (chance of a false alarm `alpha`, default 0.001),
 * and goes on when it was watched for `watch` (default 5 minutes) and nothing speaks against it. Without a verdict by
 * `deadline` it is inconclusive, and `inconclusive` says whether it goes back or is held for a person.
 *
 * @example
 * import { canary } from 'plimsoll'
 *
 * const deploy = canary({ watch: '10m', inconclusive: 'hold' })
 */
export const canary = (options: Omit<Canary, 'strategy'> = {}): Canary => ({ strategy: 'canary', ...options })

/**
 * A counter of the team's own by which a canary is judged: of those that `among` counts, `of` counts some, and more of
 * them are worse (or fewer, with `worse: 'fewer'`). Both are counters that every instance tells at `start.metrics`, as
 * `name` or `name{label="value"}`. Either side must have counted `atLeast` (default 100) before the release passes.
 *
 * @example
 * import { canary, counter } from 'plimsoll'
 *
 * const deploy = canary({
 *   counters: [counter('declined payments', { of: 'payments_total{outcome="declined"}', among: 'payments_total' })],
 * })
 */
export const counter = (name: string, options: Omit<Counter, 'name'>): Counter => ({ name, ...options })
