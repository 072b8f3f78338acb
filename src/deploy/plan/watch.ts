import type { Counts, TrafficSeen } from '../../fleet/index.ts'
import type { Instant } from '../../kernel/index.ts'
import {
  badName,
  type CountersRead,
  type Growth,
  growthOf,
  noCounters,
  type Scrape,
} from './counters/index.ts'
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
type Mark = {
  readonly requests: number
  readonly sent: number
  readonly failures: number
  readonly slower: readonly number[]
}

/** The judge, and up to where he has read the gateway's ledger. */
export type Watch = {
  readonly judge: JudgeState
  /** A gateway that was started again counts from zero, under another one. */
  readonly generation: string
  readonly share: number
  readonly canary: Mark
  readonly live: Mark
  /** When last looked, no instance of the live version was well: the canary got its requests. */
  readonly isAlone?: true
  /** The team's own counters, up to where they have been read. */
  readonly counters?: CountersRead
}

/** The two fleets whose counts are compared, and what is split between them. */
export type Sides = {
  readonly canary: string
  readonly live: string
  readonly split: CanarySettings['split']
}

const noMark: Mark = { requests: 0, sent: 0, failures: 0, slower: [] }

function markOf(
  counts: Counts | undefined,
  edgesMs: readonly number[],
  split: CanarySettings['split'],
): Mark {
  if (!counts) return { ...noMark, slower: edgesMs.map(() => 0) }
  const { accepted, answered, lost, byClass, latency, failedClients } = counts
  // Where clients are known by their pins, one that tries again and again counts as one.
  const failures = split === 'cookie' ? failedClients : byClass['5'] + lost
  const requests = answered + lost
  return {
    requests,
    sent: accepted,
    failures: Math.min(failures, requests),
    slower: slowerThan(latency, edgesMs),
  }
}

/** What was counted between two looks. */
const grown = (now: Mark, before: Mark, own: Side['own']): Side => ({
  requests: now.requests - before.requests,
  // A watch that began before this was counted has one look without it.
  sent: Math.max(0, now.sent - (before.sent ?? now.sent)),
  failures: now.failures - before.failures,
  slower: now.slower.map((slower, j) => slower - (before.slower[j] ?? 0)),
  own,
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

/** How the chance of a false alarm is shared out, beside the team's own counters. */
export const weights = { errors: 3, latency: 1 } as const

/** Slower is over what the live version's answers took until now. */
function judgeSettings(canary: CanarySettings, live: Counts | undefined): JudgeSettingsInput {
  const edges = canary.latency && live ? latencyEdges(live.latency) : []
  return {
    alpha: canary.alpha,
    metrics: {
      errors: { weight: weights.errors },
      ...(edges.length > 0 ? { latency: { weight: weights.latency, edges } } : {}),
      own: Object.fromEntries(
        (canary.counters ?? []).map((counter) => [
          badName(counter),
          { weight: counter.weight, atLeast: counter.atLeast },
        ]),
      ),
    },
    promote: { when: 'baked', bakeMs: canary.watchMs },
    minRequests: canary.minRequests,
    warmUpMs: canary.warmUpMs,
    deadlineMs: canary.deadlineMs,
  }
}

/** What is seen at a look: the gateway's ledger, and what instances say of the team's counters. */
export type Look = {
  readonly traffic: TrafficSeen
  readonly scrapes: readonly Scrape[]
  readonly share: number
  readonly now: Instant
}

const countersOn = (
  before: CountersRead | undefined,
  canary: CanarySettings,
  sides: Sides,
  look: Look,
): Growth => growthOf(before ?? noCounters, canary.counters ?? [], look.scrapes, sides.canary)

/** Begins to watch: what was counted until now is the past. */
export function beginWatch(canary: CanarySettings, sides: Sides, look: Look): Watch {
  const { traffic, share, now } = look
  const judge = newJudge(judgeSettings(canary, traffic.counts[sides.live]), now)
  const { read } = countersOn(undefined, canary, sides, look)
  return { judge, generation: traffic.generation, share, ...marksIn(traffic, sides, judge), counters: read }
}

/** Between two looks so much time goes by, so that a span holds more than a request or two. */
export const lookMs = 1_000

/** Another share is another comparison: what was counted on the way to it belongs to neither. */
const begunAnew = (watch: Watch, traffic: TrafficSeen, share: number): boolean =>
  watch.share !== share || watch.generation !== traffic.generation

/** The live version has instances, and none of them is well. */
function isCanaryAlone({ upstreams }: TrafficSeen, { live }: Sides): boolean {
  const serving = upstreams.filter(({ fleet, serving }) => fleet === live && serving)
  return serving.length > 0 && serving.every(({ healthy }) => !healthy)
}

const ofSide = (counted: Growth['counted'], side: 'canary' | 'live'): Side['own'] =>
  Object.fromEntries(Object.entries(counted).map(([name, both]) => [name, both[side]]))

/** Reads on in the ledger, and in the counters. */
export function watchOn(watch: Watch, canary: CanarySettings, sides: Sides, look: Look): Watch {
  const { traffic, share, now } = look
  const marks = marksIn(traffic, sides, watch.judge)
  const { read, counted, blind } = countersOn(watch.counters, canary, sides, look)
  const { isAlone: wasAlone, ...before } = watch
  const isAlone = isCanaryAlone(traffic, sides)
  const next: Watch = {
    ...before,
    ...{ generation: traffic.generation, share, ...marks, counters: read },
    ...(isAlone ? { isAlone } : {}),
  }
  // Then the split is not what was asked for, and there is nothing to compare with.
  if (begunAnew(watch, traffic, share) || isAlone || wasAlone)
    return { ...next, counters: { ...read, owed: {} } }
  const span = {
    at: now,
    share,
    canary: grown(marks.canary, watch.canary, ofSide(counted, 'canary')),
    live: grown(marks.live, watch.live, ofSide(counted, 'live')),
    blind,
  }
  return { ...next, judge: observe(watch.judge, span) }
}
