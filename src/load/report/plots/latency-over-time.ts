import type { LoadResult } from '../../result.ts'
import type { Figure } from '../figure.ts'
import { formatClock, formatMs, formatMsTick, plural } from '../format.ts'
import { type Axes, drawLegend, drawLines, drawPlot, type Line, type Point } from './plot.ts'
import { logScale, timeScale } from './scale.ts'
import { type ThinnedSecond, thin } from './thin.ts'

type Quantile = 'p50Ms' | 'p95Ms' | 'p99Ms'
type Second = LoadResult['seconds'][number]

const known = (values: readonly (number | null)[]): number[] => values.filter((one) => one !== null)

export const durationOf = (seconds: readonly Second[]): number => (seconds.at(-1)?.atMs ?? 0) + 1_000

/** Where a point stands: in the middle of what it is of. */
export const middleOf = ({ atMs, seconds }: ThinnedSecond): number => atMs + (seconds * 1_000) / 2

function linesOf(points: readonly ThinnedSecond[]): Line[] {
  const of = (key: Quantile) => points.map((one): Point => [middleOf(one), one[key]])
  return [
    { name: 'p99', look: 'solid', points: of('p99Ms') },
    { name: 'p95', look: 'dashed', points: of('p95Ms') },
    { name: 'p50', look: 'dotted', points: of('p50Ms') },
  ]
}

/** The peak, and what was usual; and the seconds in which nothing came. */
function findingOf(seconds: readonly Second[]): string {
  const sorted = known(seconds.map((one) => one.p99Ms)).sort((a, b) => a - b)
  const [low, peak] = [sorted[0], sorted.at(-1)]
  if (low === undefined || peak === undefined) return 'No answer came in any second of the run.'
  const usual = sorted[Math.floor((sorted.length - 1) / 2)] ?? low
  const at = seconds.find((one) => one.p99Ms === peak)?.atMs ?? 0
  const silent = seconds.length - sorted.length
  const course =
    sorted.length === 1
      ? `p99 was ${formatMs(peak)}`
      : peak < 2 * usual
        ? `p99 of each second stayed between ${formatMs(low)} and ${formatMs(peak)}`
        : `p99 was ${formatMs(usual)} in the middle one of all seconds, and ${formatMs(peak)} at its worst, ${formatClock(at)} into the run`
  return silent === 0 ? `${course}.` : `${course}; in ${plural(silent, 'second')} no answer came.`
}

export const thinnedNote = (points: readonly ThinnedSecond[]): string | undefined => {
  const each = points[0]?.seconds ?? 1
  return each === 1
    ? undefined
    : `Each point stands for ${each} seconds: the highest latencies and the most errors of them, and the mean of the requests.`
}

/** Latency in each second of the run, from the intended time. */
export function latencyOverTime(seconds: readonly Second[]): Figure {
  const points = thin(seconds)
  const lines = linesOf(points)
  const values = known(lines.flatMap((line) => line.points.map(([, y]) => y))).filter((one) => one > 0)
  const axes: Axes = {
    x: { scale: timeScale(durationOf(seconds)), title: 'Time into the run', tick: formatClock },
    y: {
      scale: logScale(Math.min(...values, Infinity), Math.max(...values, 0), 7),
      title: 'Response time, log scale',
      tick: formatMsTick,
    },
  }
  const id = 'latency-over-time'
  const empty = values.length === 0
  return {
    id,
    title: 'Latency over time',
    finding: findingOf(seconds),
    plot: empty ? undefined : drawPlot(axes, `${id}-finding`, [drawLines(axes, lines)]),
    legend: empty ? undefined : drawLegend(lines),
    note: thinnedNote(points),
    data: {
      heads: ['at', 'p50', 'p95', 'p99', 'max'],
      rows: points.map((one) => [
        formatClock(one.atMs),
        ...[one.p50Ms, one.p95Ms, one.p99Ms, one.maxMs].map(formatMs),
      ]),
    },
  }
}
