import { PlimsollError } from '../../kernel/index.ts'
import type { DuetStart, FromDuet } from './duet-worker.ts'
import type { EnginePlan, Load } from './engine-plan.ts'
import { mergeTallies, type WholeTally } from './merge.ts'
import { epochNow, inTime, leadMs, patienceMs, startThread } from './thread.ts'
import type { WorkerHealth } from './worker.ts'

/** What was found of one of the two. */
export type DuetSide = { readonly tally: WholeTally; readonly measuredMs: number }

export type DuetEnd = {
  /** In the order of the plans. */
  readonly sides: readonly [DuetSide, DuetSide]
  readonly health: WorkerHealth
  readonly lastedMs: number
}

/** A closed load without an end: its turns end it. */
type DuetPlan = Omit<EnginePlan, 'load' | 'workers'> & { readonly users: number; readonly thinkMs: number }

export type DuetOptions = {
  /** Both in the same warm-up. */
  readonly plans: readonly [DuetPlan, DuetPlan]
  readonly turnMs: number
  readonly turns: number
  readonly signal?: AbortSignal
}

/** Longer than any duet; a timer takes no more than 2^31 milliseconds. */
const endless = 2 ** 30

const withLoad = ({ users, thinkMs, ...plan }: DuetPlan): EnginePlan => {
  const load: Load = { model: 'closed', users, thinkMs, durationMs: endless }
  return { ...plan, load, workers: 1 }
}

/** Each turn may have to wait for an answer that never comes. */
const longestMs = ({ plans: [{ warmUpMs, timeoutMs }], turnMs, turns }: DuetOptions): number =>
  leadMs +
  warmUpMs +
  (2 * turns + 2 + (2 * warmUpMs) / turnMs) * (turnMs + timeoutMs) +
  timeoutMs +
  patienceMs

/**
 * Two closed loads in one thread that take turns, a fifth of a second each, say: whatever slows the machine for longer
 * slows both alike. A turn is over when all that was asked in it is answered.
 * @throws PLM_LOAD_TARGET when a name has no address, PLM_LOAD_SCENARIO when a scenario's file cannot be used
 */
export async function runDuet(options: DuetOptions): Promise<DuetEnd> {
  const { plans, turnMs, turns, signal } = options
  const start: DuetStart = { plans: [withLoad(plans[0]), withLoad(plans[1])], turnMs, turns }
  let gaveUp: string | undefined
  const thread = startThread<FromDuet>('./duet-worker.ts', start, ({ because }) => {
    gaveUp = because
    thread.tell({ is: 'stop' })
  })
  const onAbort = () => thread.tell({ is: 'stop' })
  try {
    await thread.ready
    signal?.addEventListener('abort', onAbort, { once: true })
    thread.tell({ is: 'begin', at: epochNow() + leadMs })
    if (signal?.aborted) onAbort()
    const { tallies, measuredMs, health, lastedMs } = await inTime(thread.ended, longestMs(options))
    if (gaveUp !== undefined) throw new PlimsollError('PLM_LOAD_SCENARIO', gaveUp)
    const sideOf = (i: 0 | 1): DuetSide => ({ tally: mergeTallies([tallies[i]]), measuredMs: measuredMs[i] })
    return { sides: [sideOf(0), sideOf(1)], health, lastedMs }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await thread.end()
  }
}
