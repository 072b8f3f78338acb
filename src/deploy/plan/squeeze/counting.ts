import type { SideCounts, SqueezeSeen } from '../../../fleet/index.ts'
import type { Instant } from '../../../kernel/index.ts'
import { type JudgeSettingsInput, type Side, slowerThan } from '../judge/index.ts'
import type { Counted, Promised } from './promised.ts'
import type { SqueezeSettings } from './state.ts'

/** What had been counted of one side: totals since the stage began. */
type SideMark = {
  readonly sent: number
  readonly requests: number
  readonly failures: number
  /** Slower than each of the promised latencies, in their order. */
  readonly slower: readonly number[]
}

export type Mark = { readonly at: Instant; readonly squeezed: SideMark; readonly others: SideMark }

/** Latencies that are promised, the same for both sides: what is within them is no harm. */
export const edgesOf = (promises: readonly Promised[]) =>
  promises.flatMap(({ name, belowMs }) =>
    belowMs === undefined ? [] : [{ name, liveMs: belowMs, canaryMs: belowMs }],
  )

function sideMark(
  { accepted, answered, lost, byClass, latency }: SideCounts,
  edgesMs: readonly number[],
): SideMark {
  return {
    sent: accepted,
    requests: answered + lost,
    failures: byClass['5'] + lost,
    slower: slowerThan(latency, edgesMs),
  }
}

export function markOf({ squeezed, others }: SqueezeSeen, promises: readonly Promised[], at: Instant): Mark {
  const edgesMs = edgesOf(promises).map(({ liveMs }) => liveMs)
  return { at, squeezed: sideMark(squeezed, edgesMs), others: sideMark(others, edgesMs) }
}

const grownSide = (now: SideMark, before: SideMark): Side => ({
  requests: now.requests - before.requests,
  sent: now.sent - before.sent,
  failures: now.failures - before.failures,
  slower: now.slower.map((slower, i) => slower - (before.slower[i] ?? 0)),
  own: {},
})

/** What was counted between two marks. */
export const grownSince = (now: Mark, before: Mark): { readonly squeezed: Side; readonly others: Side } => ({
  squeezed: grownSide(now.squeezed, before.squeezed),
  others: grownSide(now.others, before.others),
})

/** How many requests of a side broke a promise: failed ones break each, whatever they took. */
export function brokenIn(side: Side, promises: readonly Promised[], promised: Promised): Counted {
  const edge = edgesOf(promises).findIndex(({ name }) => name === promised.name)
  const slow = edge < 0 ? 0 : (side.slower[edge] ?? 0)
  return { bad: Math.min(side.requests, slow + side.failures), of: side.requests }
}

/** The judge of canaries, on one stage: failures as ever, and "slower" is slower than what is promised. */
export function judgeSettings(settings: SqueezeSettings, stages: number): JudgeSettingsInput {
  const { promises, alpha, watchMs, minRequests } = settings
  const edges = edgesOf(promises)
  return {
    alpha: alpha / stages,
    metrics: { errors: { weight: 3 }, ...(edges.length > 0 ? { latency: { weight: 1, edges } } : {}) },
    promote: { when: 'baked', bakeMs: watchMs },
    minRequests,
    // Every instance is warm.
    warmUpMs: 0,
    deadlineMs: 3 * watchMs + 1_000,
  }
}

export const perSecond = (count: number, ms: number): number => (ms > 0 ? (1_000 * count) / ms : 0)
