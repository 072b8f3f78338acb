import type { EngineEnd, Second } from './engine/engine.ts'
import { mergePart, type Part, partOf } from './engine/merge.ts'
import { figuresOf } from './plan/figures.ts'
import {
  type Figures,
  judgeThreshold,
  judgeValues,
  measure,
  type Source,
  type Threshold,
  type ThresholdVerdict,
} from './plan/thresholds.ts'

/** Follows thresholds while the load goes on; what it keeps does not grow with the length of the run. */
export interface ThresholdWatch {
  /** @returns why the run has to end, when a threshold that may do so is missed */
  add(second: Second): string | undefined
  /** @param source instead of the one that the threshold names */
  judge(threshold: Threshold, end: EngineEnd, source?: Source): ThresholdVerdict
}

const figuresOfPart = ({ counts, checks, response, service, sendLag }: Part, lengthMs: number): Figures =>
  figuresOf(counts, checks, lengthMs, { response, service, lag: sendLag })

/** Of the whole run: exact. */
function wholeFigures({ name }: Threshold, { tally, measuredMs }: EngineEnd): Figures {
  const checks = [...tally.checks].filter(([check]) => name === undefined || check === name)
  const passed = checks.reduce((sum, [, check]) => sum + check.passed, 0)
  const failed = checks.reduce((sum, [, check]) => sum + check.failed, 0)
  const counted = name === undefined ? tally : (tally.names.get(name) ?? mergePart([]))
  return figuresOfPart({ ...counted, checks: { passed, failed } }, measuredMs)
}

/** The same threshold of another source; one of counts has none. */
function bySource(threshold: Threshold, source: Source | undefined): Threshold {
  const { metric } = threshold
  const isTiming = metric.is === 'quantile' || metric.is === 'mean' || metric.is === 'max'
  return source !== undefined && isTiming ? { ...threshold, metric: { ...metric, of: source } } : threshold
}

type Span = { readonly part: Part; readonly lengthMs: number }

const joined = (spans: readonly Span[]): Span => ({
  part: mergePart(spans.map(({ part }) => part)),
  lengthMs: spans.reduce((sum, { lengthMs }) => sum + lengthMs, 0),
})

const wholeSecondMs = 1_000

/**
 * The windows of one threshold, which slide by a second; quantiles within 1 %. What is no whole second, at the end of a
 * run, belongs to its last window.
 */
function watchWindows(threshold: Threshold, windowMs: number) {
  const length = windowMs / wholeSecondMs
  let spans: Span[] = []
  const worst = new Map<Source | undefined, number>()
  return {
    add(span: Span): Figures | undefined {
      const isWhole = span.lengthMs === wholeSecondMs || spans.length === 0
      const last = spans.at(-1)
      spans =
        isWhole || !last ? [...spans, span].slice(-length) : [...spans.slice(0, -1), joined([last, span])]
      if (spans.length < length) return undefined
      const { part, lengthMs } = joined(spans)
      const figures = figuresOfPart(part, lengthMs)
      for (const source of [undefined, 'service'] as const) {
        const of = bySource(threshold, source)
        const values = [worst.get(source), measure(of.metric, figures)].filter((one) => one !== undefined)
        const { value } = judgeValues(of, values)
        if (value !== undefined) worst.set(source, value)
      }
      return figures
    },
    judge(source: Source | undefined): ThresholdVerdict {
      const value = worst.get(source)
      return judgeValues(bySource(threshold, source), value === undefined ? [] : [value])
    },
  }
}

/** All of a run so far, for a threshold that may end it. */
function watchWhole() {
  let all: Span | undefined
  return {
    add(span: Span): Figures {
      all = all ? joined([all, span]) : span
      return figuresOfPart(all.part, all.lengthMs)
    },
  }
}

/** A judgement of a whole run before so many requests or checks would be one of chance. */
const fewestToStop = 100

const countOf = ({ scheduled, checks }: Figures): number => Math.max(scheduled, checks.passed + checks.failed)

function stops(threshold: Threshold, figures: Figures): boolean {
  if (!threshold.stop || judgeThreshold(threshold, [figures]).is !== 'missed') return false
  // A window that is missed is missed for good.
  return threshold.windowMs !== undefined || countOf(figures) >= fewestToStop
}

export function watchThresholds(thresholds: readonly Threshold[]): ThresholdWatch {
  const windows = new Map(
    thresholds.flatMap((one) =>
      one.windowMs === undefined ? [] : [[one, watchWindows(one, one.windowMs)] as const],
    ),
  )
  const followed = thresholds
    .filter(({ stop, windowMs }) => stop || windowMs !== undefined)
    .map((threshold) => ({ threshold, watch: windows.get(threshold) ?? watchWhole() }))
  return {
    add({ parts, lengthMs }) {
      const missed = followed.filter(({ threshold, watch }) => {
        const figures = watch.add({ part: partOf(parts, threshold.name), lengthMs })
        return figures !== undefined && stops(threshold, figures)
      })
      return missed[0] && `${missed[0].threshold.text} was missed`
    },
    judge(threshold, end, source) {
      const known = windows.get(threshold)
      if (known) return known.judge(source)
      return judgeThreshold(bySource(threshold, source), [wholeFigures(threshold, end)])
    },
  }
}
