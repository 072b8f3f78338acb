import { type HistogramCounts, meanOf, quantileOf } from '../../kernel/index.ts'
import type { Figures, Source } from './thresholds.ts'

type Counts = Pick<Figures, 'scheduled' | 'answered' | 'errors' | 'failed' | 'timedOut' | 'unsent'>

/** Figures from counts and histograms; a source that was not kept has no quantiles. */
export function figuresOf(
  counts: Counts,
  checks: Figures['checks'],
  durationMs: number,
  histograms: Partial<Readonly<Record<Source, HistogramCounts>>>,
): Figures {
  const of = <T>(source: Source, read: (histogram: HistogramCounts) => T): T | undefined => {
    const histogram = histograms[source]
    return histogram && read(histogram)
  }
  return {
    ...counts,
    checks,
    durationMs,
    quantile: (source, share) => of(source, (histogram) => quantileOf(histogram, share)),
    mean: (source) => of(source, meanOf),
  }
}

/** Every run of `length` seconds in order, with a second's step: the windows of a threshold. */
export const windowsOf = <T>(seconds: readonly T[], length: number): readonly (readonly T[])[] =>
  seconds.length < length
    ? []
    : Array.from({ length: seconds.length - length + 1 }, (_, i) => seconds.slice(i, i + length))
