import type { Instant } from '../../../kernel/index.ts'
import type { Objective, WindowCounts } from './counts.ts'
import { judgeSlo } from './evaluate.ts'
import type { AlertWindow } from './windows.ts'

/** An alert that somebody would have been told of. */
export type Replayed = {
  readonly window: AlertWindow
  readonly from: Instant
  /** Undefined: it still fires at the end. */
  readonly until?: Instant
  /** The fastest that its long window burned meanwhile. */
  readonly worstBurn: number
}

/** What an objective would have told of, look by look. */
export function createReplay(slo: Objective) {
  const open = new Map<number, Replayed>()
  const ended: Replayed[] = []
  return {
    /** Looks are given oldest first. */
    look(at: Instant, counts: WindowCounts): void {
      for (const { window, quiet, isSuppressed, longBurn } of judgeSlo(slo, counts).alerts) {
        const known = open.get(window.longMs)
        if (quiet === undefined && !isSuppressed) {
          const worstBurn = Math.max(longBurn, known?.worstBurn ?? 0)
          open.set(window.longMs, { window, from: known?.from ?? at, worstBurn })
        } else if (known) {
          ended.push({ ...known, until: at })
          open.delete(window.longMs)
        }
      }
    },
    /** Oldest first. An end is the first look at which it was over. */
    told: (): readonly Replayed[] => [...ended, ...open.values()].sort((a, b) => a.from - b.from),
  }
}

/**
 * What an objective would have told of in the past, oldest first.
 * @param history what the windows that end at a moment count
 */
export function replay(
  slo: Objective,
  history: (at: Instant) => WindowCounts,
  { from, to, stepMs }: { readonly from: Instant; readonly to: Instant; readonly stepMs: number },
): readonly Replayed[] {
  const replaying = createReplay(slo)
  for (let at = from; at <= to; at += stepMs) replaying.look(at, history(at))
  return replaying.told()
}
