/** Buckets in each octave: the width of a bucket is at most 1/128 (0.8 %) or 1/1024 (0.1 %) of its values. */
const bits = { coarse: 7, fine: 10 } as const

export type Precision = keyof typeof bits

const largest = 2 ** 32 - 1

/** Thousandths of a millisecond: few of them are kept exactly. */
const unitsPerMs = 1_000

/** Bucket i counts values of at most `upperMs[i]` milliseconds and above `upperMs[i-1]`; empty buckets are left out. */
export type HistogramCounts = { readonly upperMs: readonly number[]; readonly counts: readonly number[] }

/** Counts durations in little memory, whatever their range: from 1 µs to 71 minutes. */
export interface Histogram {
  /** @param durationMs milliseconds, with their fraction; what is out of range counts as the nearest that is in it */
  record(durationMs: number): void
  counts(): HistogramCounts
  /** The counts, which begin anew. */
  take(): HistogramCounts
}

/**
 * A log-linear histogram.
 * @param precision `coarse`: within 0.8 %, 26 KB; `fine`: within 0.1 %, 190 KB
 */
export function createHistogram(precision: Precision = 'coarse'): Histogram {
  const octaveBits = bits[precision]
  const perOctave = 1 << octaveBits
  const exactBelow = 2 * perOctave
  /** Where a value's first bit stands, from which on its bits are more than a bucket tells apart. */
  const widest = 31 - octaveBits
  const buckets = new Float64Array((widest + 2) * perOctave)
  let lowest = buckets.length
  let highest = -1

  /** Largest number of units that falls into the bucket. */
  function upperOf(bucket: number): number {
    if (bucket < exactBelow) return bucket
    const shift = Math.floor(bucket / perOctave) - 1
    return (bucket - shift * perOctave + 1) * 2 ** shift - 1
  }

  function counts(): HistogramCounts {
    const upperMs: number[] = []
    const found: number[] = []
    for (let bucket = lowest; bucket <= highest; bucket++) {
      const count = buckets[bucket] ?? 0
      if (count === 0) continue
      upperMs.push(upperOf(bucket) / unitsPerMs)
      found.push(count)
    }
    return { upperMs, counts: found }
  }

  return {
    record(durationMs) {
      const units = Math.min(largest, Math.max(0, Math.round(durationMs * unitsPerMs) || 0))
      let bucket = units
      if (units >= exactBelow) {
        const shift = widest - Math.clz32(units)
        bucket = shift * perOctave + (units >>> shift)
      }
      buckets[bucket] = (buckets[bucket] ?? 0) + 1
      if (bucket < lowest) lowest = bucket
      if (bucket > highest) highest = bucket
    },
    counts,
    take() {
      const taken = counts()
      if (highest >= lowest) buckets.fill(0, lowest, highest + 1)
      lowest = buckets.length
      highest = -1
      return taken
    },
  }
}

/** Counts of several histograms of one precision together. */
export function mergeCounts(all: readonly HistogramCounts[]): HistogramCounts {
  const merged = new Map<number, number>()
  for (const { upperMs, counts } of all)
    upperMs.forEach((upper, i) => {
      merged.set(upper, (merged.get(upper) ?? 0) + (counts[i] ?? 0))
    })
  const upperMs = [...merged.keys()].sort((a, b) => a - b)
  return { upperMs, counts: upperMs.map((upper) => merged.get(upper) ?? 0) }
}

export const totalOf = ({ counts }: HistogramCounts): number => counts.reduce((sum, count) => sum + count, 0)

/**
 * The smallest bucket's end below which the given share of all lies (nearest rank).
 * @param share 0 … 1
 * @returns milliseconds; undefined when nothing was counted
 */
export function quantileOf(histogram: HistogramCounts, share: number): number | undefined {
  let left = Math.max(1, Math.ceil(share * totalOf(histogram) - 1e-9))
  for (const [i, count] of histogram.counts.entries()) {
    left -= count
    if (left <= 0) return histogram.upperMs[i]
  }
  return histogram.upperMs.at(-1)
}

/** The mean, within the histogram's precision; undefined when nothing was counted. */
export function meanOf(histogram: HistogramCounts): number | undefined {
  const total = totalOf(histogram)
  if (total === 0) return undefined
  return histogram.counts.reduce((sum, count, i) => sum + count * (histogram.upperMs[i] ?? 0), 0) / total
}
