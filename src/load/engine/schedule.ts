import { seededRandom } from '../../kernel/random.ts'
import { arrivals, constant, durationOf, phase, warmUpRate } from '../plan/profile.ts'
import type { EnginePlan, Load } from './engine-plan.ts'

/** How long a load lasts, without its warm-up. */
export const loadMsOf = (load: Load): number =>
  load.model === 'open' ? durationOf(load.stages) : load.durationMs

/** When the requests of one worker are intended. Milliseconds from the beginning of the warm-up. */
export type Schedule = {
  /** Infinity once there are no more. */
  next(): number
  readonly lengthMs: number
}

/** A worker's share of an open load, with the warm-up before it. */
export function scheduleOf(
  load: Load & { readonly model: 'open' },
  { warmUpMs, workers, seed }: EnginePlan,
  index: number,
): Schedule {
  const { stages, arrivals: kind } = load
  const random = seededRandom(seed)
  const warmUp = warmUpMs > 0 ? constant(warmUpRate(stages), warmUpMs) : []
  const all = arrivals([...warmUp, ...stages], kind, () => random.next())
  return { ...phase(all, index, workers), lengthMs: warmUpMs + loadMsOf(load) }
}

/** When a user of a closed load comes in, in milliseconds: during the warm-up, so that they do not all think in step. */
export const comesAfterMs = ({ load, warmUpMs }: EnginePlan, user: number, users: number): number =>
  load.model === 'closed' ? (Math.min(load.thinkMs, warmUpMs) * user) / users : 0
