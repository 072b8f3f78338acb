import { type HistogramCounts, meanOf, quantileOf } from '../../kernel/index.ts'
import type { Figures, Source } from './thresholds.ts'

type Counts = Pick<Figures, 'scheduled' | 'answered' | 'errors' | 'failed' | 'timedOut' | 'unsent'>

/** Figures from counts and histograms. */
export function figuresOf(
  counts: Counts,
  checks: Figures['checks'],
  durationMs: number,
  histograms: Readonly<Record<Source, HistogramCounts>>,
): Figures {
  return {
    ...counts,
    checks,
    durationMs,
    quantile: (source, share) => quantileOf(histograms[source], share),
    mean: (source) => meanOf(histograms[source]),
  }
}
