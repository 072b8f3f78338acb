import type { Counts, TrafficSeen } from '../../fleet/index.ts'
import type { Instant } from '../../kernel/index.ts'
import {
  type JudgeSettingsInput,
  type JudgeState,
  latencyEdges,
  newJudge,
  observe,
  type Side,
  slowerThan,
} from './judge/index.ts'
import type { CanarySettings } from './order.ts'

/** What the gateway had counted of one side when it was last asked: totals. */
type Mark = { readonly requests: number; readonly failures: number; readonly slower: readonly number[] }

/** The judge, and up to where he has read the gateway's ledger. */
export type Watch = {
  readonly judge: JudgeState
  /** A gateway that was started again counts from zero, under another one. */
  readonly generation: string
  readonly share: number
  readonly canary: Mark
  readonly live: Mark
}

/** The two fleets whose counts are compared, and what is split between them. */
export type Sides = {
  readonly canary: string
  readonly live: string
  readonly split: CanarySettings['split']
}

const noMark: Mark = { requests: 0, failures: 0, slower: [] }

function markOf(
  counts: Counts | undefined,
  edgesMs: readonly number[],
  split: CanarySettings['split'],
): Mark {
  if (!counts) return { ...noMark, slower: edgesMs.map(() => 0) }
  const { answered, lost, byClass, latency, failedClients } = counts
  // Where clients are known by their pins, one that tries again and again counts as one.
  const failures = split === 'cookie' ? failedClients : byClass['5'] + lost
  const requests = answered + lost
  return { requests, failures: Math.min(failures, requests), slower: slowerThan(latency, edgesMs) }
}

/** What was counted between two looks. */
const grown = (now: Mark, before: Mark): Side => ({
  requests: now.requests - before.requests,
  failures: now.failures - before.failures,
  slower: now.slower.map((slower, j) => slower - (before.slower[j] ?? 0)),
  own: {},
})

function marksIn({ counts }: TrafficSeen, { canary, live, split }: Sides, { settings }: JudgeState) {
  const edges = settings.metrics.latency?.edges ?? []
  return {
    canary: markOf(
      counts[canary],
      edges.map(({ canaryMs }) => canaryMs),
      split,
    ),
    live: markOf(
      counts[live],
      edges.map(({ liveMs }) => liveMs),
      split,
    ),
  }
}

/** Slower is over what the live version's answers took until now. */
function judgeSettings(canary: CanarySettings, live: Counts | undefined): JudgeSettingsInput {
  const edges = canary.latency && live ? latencyEdges(live.latency) : []
  return {
    alpha: canary.alpha,
    metrics: {
      errors: { weight: 3 },
      ...(edges.length > 0 ? { latency: { weight: 1, edges } } : {}),
      own: {},
    },
    promote: { when: 'baked', bakeMs: canary.watchMs },
    minRequests: canary.minRequests,
    warmUpMs: canary.warmUpMs,
    deadlineMs: canary.deadlineMs,
  }
}

/** Begins to watch: what was counted until now is the live version's past. */
export function beginWatch(
  canary: CanarySettings,
  traffic: TrafficSeen,
  sides: Sides,
  share: number,
  now: Instant,
): Watch {
  const judge = newJudge(judgeSettings(canary, traffic.counts[sides.live]), now)
  return { judge, generation: traffic.generation, share, ...marksIn(traffic, sides, judge) }
}

/** Between two looks so much time goes by, so that a span holds more than a request or two. */
export const lookMs = 1_000

/** Another share is another comparison: what was counted on the way to it belongs to neither. */
const begunAnew = (watch: Watch, traffic: TrafficSeen, share: number): boolean =>
  watch.share !== share || watch.generation !== traffic.generation

/** Reads on in the ledger. */
export function watchOn(
  watch: Watch,
  traffic: TrafficSeen,
  sides: Sides,
  share: number,
  now: Instant,
): Watch {
  const marks = marksIn(traffic, sides, watch.judge)
  const next: Watch = { ...watch, generation: traffic.generation, share, ...marks }
  if (begunAnew(watch, traffic, share)) return next
  const span = {
    at: now,
    share,
    canary: grown(marks.canary, watch.canary),
    live: grown(marks.live, watch.live),
  }
  return { ...next, judge: observe(watch.judge, span) }
}
