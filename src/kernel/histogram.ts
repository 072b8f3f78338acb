/** Buckets in each octave; the width of a bucket is at most 1/128 of its values (0.8 %). */
const perOctave = 128
const exactBelow = 2 * perOctave
const bucketCount = 25 * perOctave + perOctave
const largest = 2 ** 32 - 1

/** Thousandths of a millisecond: what is below 256 of them is kept exactly. */
const unitsPerMs = 1_000

/** Log-linear bucket of a whole number of units, 0 … 2³²−1. */
function bucketOf(units: number): number {
  if (units < exactBelow) return units
  const shift = 24 - Math.clz32(units)
  return shift * perOctave + (units >>> shift)
}

/** Largest number of units that falls into the bucket. */
function upperOf(bucket: number): number {
  if (bucket < exactBelow) return bucket
  const shift = Math.floor(bucket / perOctave) - 1
  return (bucket - shift * perOctave + 1) * 2 ** shift - 1
}

/** Bucket i counts values of at most `upperMs[i]` milliseconds and above `upperMs[i-1]`; empty buckets are left out. */
export type HistogramCounts = { readonly upperMs: readonly number[]; readonly counts: readonly number[] }

/** Counts durations in little memory, whatever their range: from 1 µs to 71 minutes within 1 %. */
export interface Histogram {
  /** @param durationMs milliseconds, with their fraction; what is out of range counts as the nearest that is in it */
  record(durationMs: number): void
  counts(): HistogramCounts
}

export function createHistogram(): Histogram {
  const buckets = new Float64Array(bucketCount)
  return {
    record(durationMs) {
      const units = Math.min(largest, Math.max(0, Math.round(durationMs * unitsPerMs) || 0))
      const bucket = bucketOf(units)
      buckets[bucket] = (buckets[bucket] ?? 0) + 1
    },
    counts() {
      const used = [...buckets.keys()].filter((bucket) => buckets[bucket])
      return {
        upperMs: used.map((bucket) => upperOf(bucket) / unitsPerMs),
        counts: used.map((bucket) => buckets[bucket] ?? 0),
      }
    },
  }
}
