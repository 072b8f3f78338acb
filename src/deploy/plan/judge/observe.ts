import type { Pair } from './likelihood.ts'
import { addPairs, addToErrors, addToMetric, type Step } from './metric.ts'
import { type Side, type Span, spanProblem } from './span.ts'
import { addToSplit } from './split.ts'
import { type JudgeState, judgedMetrics, logOfAll } from './state.ts'

const pairOf = (span: Span, bad: (side: Side) => number, of: (side: Side) => number): Pair => ({
  canary: { bad: bad(span.canary), of: of(span.canary) },
  live: { bad: bad(span.live), of: of(span.live) },
})

const failuresOf = (span: Span): Pair =>
  pairOf(
    span,
    ({ failures }) => failures,
    ({ requests }) => requests,
  )

/** What was recent fades to a third in so long. */
const recentMs = 30_000

function fade({ canary, live }: Pair, passedMs: number): Pair {
  const left = Math.exp(-passedMs / recentMs)
  const faded = ({ bad, of }: Pair['live']) => ({ bad: bad * left, of: of * left })
  return { canary: faded(canary), live: faded(live) }
}

/** What happened between two looks far apart is known in sum only: more of it than this does not count as watched. */
const longestSpanMs = 5_000

/** Fewer requests than these say nothing of a side as a whole. */
const fewest = 5

/** Whether both sides fail so often that something is down which both need. */
export function isDown({ recent: { canary, live }, settings: { bothFailFrom } }: JudgeState): boolean {
  return [canary, live].every(({ bad, of }) => of >= fewest && bad >= bothFailFrom * of)
}

/** No step multiplies E by more than the root of 1/α: it takes two at least. */
const mostOf = (alpha: number): number => -Math.log(alpha) / 2

function peaksOf(s: JudgeState): JudgeState['peaks'] {
  const judged = judgedMetrics(s)
  const peaks: Record<string, number> = { all: Math.max(logOfAll(judged), s.peaks.all ?? 0) }
  for (const { key, logE } of judged) peaks[key] = Math.max(logE, s.peaks[key] ?? 0)
  return peaks
}

/** Latency and own counters, once the canary is warm. */
function addWarm(s: JudgeState, span: Span, step: Step): Pick<JudgeState, 'latency' | 'own'> {
  if (step.at - s.startedAt <= s.settings.warmUpMs) return s
  const latency = s.latency.map((metric, j) =>
    addToMetric(
      metric,
      pairOf(
        span,
        (side) => side.slower[j] ?? 0,
        ({ requests }) => requests,
      ),
      step,
    ),
  )
  const own = Object.entries(s.own).map(([name, metric]) => [
    name,
    addToMetric(
      metric,
      pairOf(
        span,
        (side) => side.own[name]?.bad ?? 0,
        (side) => side.own[name]?.of ?? 0,
      ),
      step,
    ),
  ])
  return { latency, own: Object.fromEntries(own) }
}

function checked(s: JudgeState, span: Span): Span {
  const problem = spanProblem(span, s.latency.length, new Set(Object.keys(s.own)))
  if (problem) throw new RangeError(`a span that cannot be evidence: ${problem}`)
  return span
}

/**
 * Adds the evidence of a span.
 * @param span what was counted since the span before; a span from before that, by a clock that was put back, takes no time
 * @throws RangeError when a count is none (negative, broken, more than it is part of), or the wrong edges were counted
 */
export function observe(s: JudgeState, span: Span): JudgeState {
  const { share } = checked(s, span)
  const at = Math.max(s.at, span.at)
  const isWell = !isDown(s)
  const step = { at, share, most: mostOf(s.settings.alpha), isWell, isNewShare: share !== s.split.asked }
  const failures = failuresOf(span)
  const [canary, live] = [span.canary.requests, span.live.requests]
  const isWatched = isWell && canary > 0 && share > 0 && share < 1
  const next: JudgeState = {
    ...s,
    ...addWarm(s, span, step),
    at,
    errors: s.errors && addToErrors(s.errors, failures, step),
    split: addToSplit(
      s.split,
      span.canary.sent ?? canary,
      span.live.sent ?? live,
      share,
      s.settings.split.tolerance,
    ),
    recent: addPairs(fade(s.recent, at - s.at), failures),
    requests: { canary: s.requests.canary + canary, live: s.requests.live + live },
    blind: span.blind ?? {},
    bakedMs: s.bakedMs + (isWatched ? Math.min(longestSpanMs, at - s.at) : 0),
  }
  return { ...next, peaks: peaksOf(next) }
}
