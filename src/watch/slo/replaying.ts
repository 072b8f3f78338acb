import { setImmediate } from 'node:timers/promises'
import type { Instant } from '../../kernel/index.ts'
import { budgetOf } from '../plan/slo/budget.ts'
import { type Gap, gapsIn, historyOf, knownIn, type Recorded } from '../plan/slo/recorded.ts'
import { createReplay, type Replayed } from '../plan/slo/replay.ts'
import type { Promised } from './budgets.ts'
import { recordedOf, type Sources } from './history.ts'

export type Range = { readonly from: Instant; readonly to: Instant }

/** What a promise would have told of, had it held all the time. */
export type ReplayedPromise = {
  readonly alerts: readonly Replayed[]
  /** Share of the budget that is left at the end; undefined when nothing happened. */
  readonly left?: number
  /** The least that was left, and when. */
  readonly least?: { readonly at: Instant; readonly left: number }
  /** Share of the range of which anything is known, and where nothing is. */
  readonly known: number
  readonly gaps: readonly Gap[]
}

/** So long others wait at most. */
const looksAtOnce = 250
const lookMs = 60_000

async function lookThrough({ slo }: Promised, recorded: Recorded, { from, to }: Range) {
  const history = historyOf(recorded, slo.window)
  const replaying = createReplay(slo)
  const stepMs = Math.max(lookMs, recorded.partMs)
  let least: { at: Instant; left: number } | undefined
  let left: number | undefined
  let looks = 0
  for (let at = from; at <= to; at += stepMs) {
    const counts = history(at)
    replaying.look(at, counts)
    left = budgetOf(slo, counts)?.left
    if (left !== undefined && (!least || left < least.left)) least = { at, left }
    if (++looks % looksAtOnce === 0) await setImmediate()
  }
  return {
    alerts: replaying.told(),
    ...(left === undefined ? {} : { left }),
    ...(least ? { least } : {}),
  }
}

/**
 * Replays what was recorded under a promise, minute by minute: of the time before the range as much is read as its period
 * is long, so that a look at the beginning knows what one would have known then.
 * @throws PLM_SERIES_UNREACHABLE, PLM_QUERY_INVALID of a Prometheus
 */
export async function replayPromise(
  sources: Sources,
  promised: Promised,
  range: Range,
): Promise<ReplayedPromise> {
  const { from, to } = range
  const recorded = await recordedOf(sources, promised, from - promised.slo.window, to)
  const told = await lookThrough(promised, recorded, { from, to })
  const gaps = gapsIn(recorded, from, to)
  const known = knownIn(recorded, from, to)
  return { ...told, known, gaps }
}
