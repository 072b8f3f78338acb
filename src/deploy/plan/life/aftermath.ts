import { formatDuration, type Instant } from '../../../kernel/index.ts'
import type { LifeSight, LifeState } from './state.ts'
import { measuredParty } from './steps.ts'

/** A search asks for more than is carried: what is well again so soon after it was only busy. */
const recoversWithinMs = 20_000

/** What its load line was searched with, now that the load is over: busy still, or what became of it meanwhile. */
export function aftermath(
  state: LifeState,
  { instances }: LifeSight,
  now: Instant,
): {
  readonly recovering?: string
  readonly doubts: readonly string[]
  readonly restarts: readonly string[]
} {
  const { release, deployed } = measuredParty(state)
  const well = instances.filter(({ phase, runs }) => phase === 'ready' && runs === release).length
  const wanted = deployed?.instances ?? 0
  const restarts = instances
    .filter(({ index, attempt }) => attempt !== (state.attempts?.[index] ?? attempt))
    .map(({ index, lastCrash }) => `instance ${index} ${lastCrash ?? 'ended'}, and was started again`)
  if (well >= wanted) return { doubts: [], restarts }
  const sick = instances.find(({ phase }) => phase !== 'ready')
  const why = sick?.because === undefined ? '' : `: instance ${sick.index} ${sick.because}`
  const ready = `${well} of ${wanted} instances`
  if (now - (state.foundAt ?? now) < recoversWithinMs)
    return { recovering: `${ready} are ready again${why}`, doubts: [], restarts }
  return {
    doubts: [`${ready} were ready ${formatDuration(recoversWithinMs)} after its last request${why}`],
    restarts,
  }
}
