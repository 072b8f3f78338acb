import type { Durations } from '../../result.ts'
import type { Figure } from '../figure.ts'
import { formatCount, formatMs, formatMsTick, formatShare } from '../format.ts'
import { html, type Markup } from '../markup.ts'
import { type Axes, atX, drawPlot, percent } from './plot.ts'
import { linearScale, logScale, type Scale } from './scale.ts'

/** Durations above `fromMs` and of at most `toMs`. */
export type Bin = { readonly fromMs: number; readonly toMs: number; readonly count: number }

/** Bars a plot is wide. */
const mostBins = 48

/** Below this nothing is told apart: one thousandth of a millisecond is the unit that is measured in. */
const leastMs = 0.001

/** The buckets of a histogram, far finer than a plot, in bins of equal width on a logarithmic axis. */
export function binsOf({ upperMs, counts }: Durations['histogram'], most = mostBins): readonly Bin[] {
  const [first, last] = [upperMs[0], upperMs.at(-1)]
  if (first === undefined || last === undefined) return []
  const low = Math.max(first, leastMs) * 0.999
  const ratio = Math.max((last / low) ** (1 / most), 1.005)
  const binOf = (upper: number) =>
    Math.min(most - 1, Math.max(0, Math.floor(Math.log(Math.max(upper, low) / low) / Math.log(ratio))))
  const bins = new Array<number>(most).fill(0)
  upperMs.forEach((upper, i) => {
    bins[binOf(upper)] = (bins[binOf(upper)] ?? 0) + (counts[i] ?? 0)
  })
  return bins
    .map((count, i) => ({ fromMs: low * ratio ** i, toMs: low * ratio ** (i + 1), count }))
    .filter(({ count }) => count > 0)
}

/** Rare ones are never so low that they cannot be seen: about two pixels. */
const leastHeight = 0.008

function drawBar(axes: Axes, { fromMs, toMs, count }: Bin): Markup {
  const width = axes.x.scale.at(toMs) - axes.x.scale.at(fromMs)
  const height = Math.max(leastHeight, axes.y.scale.at(count))
  return html`<rect class="bar" x="${atX(axes, fromMs)}" y="${percent(1 - height)}" width="${percent(width)}" height="${percent(height)}"/>`
}

function drawQuantile(axes: Axes, name: string, valueMs: number, row: number): Markup {
  const x = atX(axes, valueMs)
  const leftward = axes.x.scale.at(valueMs) > 0.8
  return html`
<line class="quantile" x1="${x}" x2="${x}" y1="0" y2="100%"/>
<text class="label" x="${x}" y="${row * 18 + 10}" dx="${leftward ? -5 : 5}" text-anchor="${leftward ? 'end' : 'start'}">${name}</text>`
}

function findingOf({ p50Ms, p99Ms, maxMs, count }: Durations): string {
  if (p50Ms === null || p99Ms === null || maxMs === null) return 'Nothing was answered.'
  if (count === 1) return `The only answer took ${formatMs(maxMs)}.`
  return `Half of ${formatCount(count)} answers took at most ${formatMs(p50Ms)}, 99 % at most ${formatMs(p99Ms)}; the slowest ${formatMs(maxMs)}.`
}

function rowsOf(bins: readonly Bin[], total: number): string[][] {
  let below = 0
  return bins.map(({ fromMs, toMs, count }) => {
    below += count
    return [formatMs(fromMs), formatMs(toMs), formatCount(count), formatShare(below / total)]
  })
}

/** An axis just around the bins. */
function scaleAround(bins: readonly Bin[]): Scale {
  return logScale(bins[0]?.fromMs ?? 1, bins.at(-1)?.toMs ?? 10, 6)
}

/** How long the answers took, from the intended time, with the quantiles that thresholds are about. */
export function latencyHistogram(response: Durations): Figure {
  const bins = binsOf(response.histogram)
  const axes: Axes = {
    x: { scale: scaleAround(bins), title: 'Response time, log scale', tick: formatMsTick },
    y: {
      scale: linearScale(Math.max(0, ...bins.map((one) => one.count))),
      title: 'Answers',
      tick: formatCount,
    },
  }
  const quantiles = (
    [
      ['p50', response.p50Ms],
      ['p95', response.p95Ms],
      ['p99', response.p99Ms],
    ] as const
  ).flatMap(([name, value], row) => (value === null ? [] : [drawQuantile(axes, name, value, row)]))
  const id = 'latency-histogram'
  return {
    id,
    title: 'How long answers took',
    finding: findingOf(response),
    plot:
      bins.length === 0
        ? undefined
        : drawPlot(axes, `${id}-finding`, [...bins.map((bin) => drawBar(axes, bin)), ...quantiles]),
    legend: undefined,
    note: undefined,
    data: {
      heads: ['above', 'up to', 'answers', 'so far'],
      rows: rowsOf(bins, Math.max(1, response.count)),
    },
  }
}
