import { seededRandom } from '../../../../kernel/index.ts'
import { type JudgeSettingsInput, type JudgeState, newJudge, observe } from '../index.ts'
import { drawSpan, type World } from './world.ts'

/** What a simulated canary came to. */
export type Watched = {
  /** When E reached 1/α; undefined when it never did. */
  readonly foundAt: number | undefined
  /** Failed requests of the canary until then. */
  readonly failed: number
  readonly state: JudgeState
}

/** How a canary is watched: for so many seconds, looked at every so often. */
export type Watch = { readonly seconds: number; readonly every: number }

/** Watches one simulated canary until it is found, or the time is over. */
export function watchCanary(world: World, settings: JudgeSettingsInput, watch: Watch, seed: number): Watched {
  const random = seededRandom(seed).fork('canary')
  let state = newJudge(settings, 0)
  const enough = -Math.log(state.settings.alpha)
  let failed = 0
  for (let second = watch.every; second <= watch.seconds; second += watch.every) {
    const span = drawSpan(world, second, watch.every, random)
    failed += span.canary.failures
    state = observe(state, span)
    if ((state.peaks.all ?? 0) >= enough) return { foundAt: second, failed, state }
  }
  return { foundAt: undefined, failed, state }
}

/** Edges at which `asBefore` is what is slower. */
export const edges = ['p50', 'p90', 'p95', 'p99', 'p99.9', '2 × p99.9', '20 × p50', '5 × p99.9'].map(
  (name, j) => ({
    name,
    liveMs: 10 * 2 ** j,
    canaryMs: 11 * 2 ** j,
  }),
)
