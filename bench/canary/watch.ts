import { planCanary } from '../../src/deploy/plan/judge/index.ts'
import { edges, type Watched, watchCanary } from '../../src/deploy/plan/judge/testdata/watch.ts'
import type { World } from '../../src/deploy/plan/judge/testdata/world.ts'
import { baseline, type Fault, isAboutErrors } from './faults.ts'
import { asFast, slowerShares } from './latency.ts'
import type { Setting } from './minutes.ts'

/** As by default, with latency; it counts from the beginning, since a simulated canary is warm. */
const settings = {
  metrics: { errors: { weight: 3 }, latency: { weight: 1, edges } },
  warmUpMs: 0,
}

/** The first share that the planner chooses to find 5 % of errors. */
export const plannedShare = (requestsPerSecond: number): number =>
  planCanary({ requestsPerSecond, baselineErrorRatio: baseline, alpha: 0.001, find: { errorRatio: 0.05 } })
    .stages[0]?.share ?? 0.05

/** Nothing is slower than any edge: what is not asked about costs no time to simulate. */
const noneSlower = edges.map(() => 0)

function worldOf(setting: Setting, fault: Fault): World {
  const isErrors = isAboutErrors(fault)
  return {
    ...setting,
    canary: { errors: fault.errors, slower: isErrors ? noneSlower : slowerShares(fault.slowness, true) },
    live: { errors: baseline, slower: isErrors ? noneSlower : slowerShares(asFast, false) },
  }
}

/** Our judge watches a canary for an hour. */
export const watchHour = (setting: Setting, fault: Fault, every: number, seed: number): Watched =>
  watchCanary(worldOf(setting, fault), settings, { seconds: 3_600, every }, seed)
