import type { LoadResult } from '../../result.ts'
import type { Figure } from '../figure.ts'
import { formatClock, formatCount, formatRate, plural } from '../format.ts'
import { durationOf, middleOf, thinnedNote } from './latency-over-time.ts'
import { type Axes, drawLegend, drawLines, drawPlot, type Line, type Point } from './plot.ts'
import { linearScale, timeScale } from './scale.ts'
import { type ThinnedSecond, thin } from './thin.ts'

type Second = LoadResult['seconds'][number]
type Counted = 'scheduled' | 'answered' | 'errors'

const sum = (seconds: readonly Second[], key: Counted): number =>
  seconds.reduce((total, one) => total + one[key], 0)

const meanRate = (seconds: readonly Second[], key: Counted): string =>
  formatRate(sum(seconds, key) / Math.max(1, seconds.length))

function linesOf(points: readonly ThinnedSecond[]): Line[] {
  const of = (key: Counted) => points.map((one): Point => [middleOf(one), one[key]])
  return [
    { name: 'answered', look: 'solid', points: of('answered') },
    { name: 'scheduled', look: 'dotted', points: of('scheduled') },
    { name: 'errors', look: 'bad', points: of('errors') },
  ]
}

/** Fewer answers than this share of what was scheduled in a second are worth a word. */
const dip = 0.8

function findingOf(seconds: readonly Second[]): string {
  const rates = `${meanRate(seconds, 'answered')} answered of ${meanRate(seconds, 'scheduled')} scheduled on average`
  const worst = [...seconds].sort((a, b) => a.answered - a.scheduled - (b.answered - b.scheduled))[0]
  const dipped =
    worst && worst.answered < dip * worst.scheduled && seconds.length > 1
      ? `, least ${formatClock(worst.atMs)} into the run with ${formatCount(worst.answered)} of ${formatCount(worst.scheduled)}`
      : ''
  const bad = seconds.filter((one) => one.errors > 0)
  const errors =
    bad.length === 0
      ? 'no errors'
      : `${plural(sum(seconds, 'errors'), 'error')} in ${plural(bad.length, 'second')}, the first at ${formatClock(bad[0]?.atMs ?? 0)}`
  return `${rates}${dipped}; ${errors}.`
}

/** What was scheduled, answered and went wrong in each second of the run. */
export function requestsOverTime(seconds: readonly Second[]): Figure {
  const points = thin(seconds)
  const lines = linesOf(points)
  const most = Math.max(0, ...lines.flatMap((line) => line.points.map(([, y]) => y ?? 0)))
  const axes: Axes = {
    x: { scale: timeScale(durationOf(seconds)), title: 'Time into the run', tick: formatClock },
    y: { scale: linearScale(most), title: 'Requests per second', tick: formatCount },
  }
  const id = 'requests-over-time'
  const empty = points.length === 0
  return {
    id,
    title: 'Requests per second',
    finding: empty ? 'The run had no second.' : findingOf(seconds),
    plot: empty ? undefined : drawPlot(axes, `${id}-finding`, [drawLines(axes, lines)]),
    legend: empty ? undefined : drawLegend(lines),
    note: thinnedNote(points),
    data: {
      heads: ['at', 'scheduled', 'answered', 'errors'],
      rows: points.map((one) => [
        formatClock(one.atMs),
        ...[one.scheduled, one.answered, one.errors].map(formatCount),
      ]),
    },
  }
}
