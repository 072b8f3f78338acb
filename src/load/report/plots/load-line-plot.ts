import type { Figure } from '../figure.ts'
import { formatCount, formatMs, formatMsTick, formatRate, formatShare } from '../format.ts'
import type { LoadLineCurve, LoadLinePoint, LoadLineView } from '../load-line.ts'
import { html, type Markup, nothing } from '../markup.ts'
import {
  type Axes,
  atX,
  atY,
  drawDots,
  drawLegend,
  drawLines,
  drawPlot,
  type Line,
  type Point,
  percent,
} from './plot.ts'
import { linearScale, logScale } from './scale.ts'

type Quantile = 'p50Ms' | 'p95Ms' | 'p99Ms'

const pointsOf = (points: readonly LoadLinePoint[], key: Quantile): Point[] =>
  [...points].sort((a, b) => a.ratePerSecond - b.ratePerSecond).map((one) => [one.ratePerSecond, one[key]])

/** Of the version before only the quantile that the objective is about, so that it stays in the background. */
function keyOf(quantile: number): Quantile {
  if (quantile >= 0.99) return 'p99Ms'
  return quantile >= 0.95 ? 'p95Ms' : 'p50Ms'
}

const linesOf = ({ points }: LoadLineCurve): Line[] => [
  { name: 'p99', look: 'solid', points: pointsOf(points, 'p99Ms') },
  { name: 'p95', look: 'dashed', points: pointsOf(points, 'p95Ms') },
  { name: 'p50', look: 'dotted', points: pointsOf(points, 'p50Ms') },
]

const quantileName = (quantile: number): string => `p${Number((quantile * 100).toFixed(2))}`

/** `6 % less than the version before (881/s)` */
function comparison(now: number, before: number | undefined): string {
  if (before === undefined || before === 0) return ''
  const share = now / before - 1
  const rate = formatRate(before)
  if (Math.abs(share) < 0.005) return `, as much as the version before (${rate})`
  return `, ${Math.round(Math.abs(share) * 100)} % ${share < 0 ? 'less' : 'more'} than the version before (${rate})`
}

function findingOf({ line, goal, before }: LoadLineView): string {
  const objective = `${quantileName(goal.quantile)} below ${formatMs(goal.belowMs)}`
  const interval = `95 %: ${formatRate(line.low)} to ${formatRate(line.high)}`
  return `Carries ${formatRate(line.ratePerSecond)} (${interval}) with ${objective}${comparison(line.ratePerSecond, before?.line.ratePerSecond)}.`
}

const drawBand = (axes: Axes, low: number, high: number): Markup => {
  const width = percent(axes.x.scale.at(high) - axes.x.scale.at(low))
  return html`<rect class="band" x="${atX(axes, low)}" y="0" width="${width}" height="100%"/>`
}

/** The mark of Plimsoll, a ring with a line through it, where the load line meets the objective. */
const drawMark = (axes: Axes, x: number, y: number): Markup => html`
<svg aria-hidden="true" x="${atX(axes, x)}" y="${atY(axes, y)}" class="lines"><circle class="waterline ring" r="9"/><path class="waterline" d="M-16 0H16"/></svg>`

const drawWaterline = (axes: Axes, { line, goal }: LoadLineView): Markup => {
  const x = atX(axes, line.ratePerSecond)
  return html`
<line class="waterline" x1="${x}" x2="${x}" y1="0" y2="100%"/>
${drawMark(axes, line.ratePerSecond, goal.belowMs)}
<text class="label" x="${x}" y="-8" text-anchor="${axes.x.scale.at(line.ratePerSecond) > 0.7 ? 'end' : 'middle'}">load line ${formatRate(line.ratePerSecond)}</text>`
}

const drawGoal = (axes: Axes, { goal }: LoadLineView): Markup => html`
<line class="goal" x1="0" x2="100%" y1="${atY(axes, goal.belowMs)}" y2="${atY(axes, goal.belowMs)}"/>
<text class="label" x="6" y="${atY(axes, goal.belowMs)}" dy="-.5em">${quantileName(goal.quantile)} below ${formatMs(goal.belowMs)}</text>`

function drawBefore(axes: Axes, { before, goal }: LoadLineView): Markup {
  if (!before) return nothing
  const x = atX(axes, before.line.ratePerSecond)
  const curve: Line = { name: '', look: 'before', points: pointsOf(before.points, keyOf(goal.quantile)) }
  return html`<line class="line before" x1="${x}" x2="${x}" y1="0" y2="100%"/>${drawLines(axes, [curve])}`
}

function axesOf(view: LoadLineView): Axes {
  const curves = [view, ...(view.before ? [view.before] : [])]
  const points = curves.flatMap((one) => one.points)
  const latencies = points
    .flatMap((one) => [one.p50Ms, one.p95Ms, one.p99Ms])
    .filter((one) => one !== null && one > 0)
  const values = [view.goal.belowMs, ...latencies.map(Number)]
  const rates = [...points.map((one) => one.ratePerSecond), ...curves.map((one) => one.line.high)]
  return {
    x: {
      scale: linearScale(Math.max(0, ...rates)),
      title: 'Offered requests per second',
      tick: formatCount,
    },
    y: {
      scale: logScale(Math.min(...values), Math.max(...values), 7),
      title: 'Response time, log scale',
      tick: formatMsTick,
    },
  }
}

function rowsOf({ points, before }: LoadLineView): string[][] {
  const of = (version: string, all: readonly LoadLinePoint[]) =>
    all.map((one) => [
      formatRate(one.ratePerSecond),
      ...[one.p50Ms, one.p95Ms, one.p99Ms].map(formatMs),
      formatShare(one.badShare),
      version,
    ])
  return [...of('this', points), ...of('before', before?.points ?? [])]
}

/** Latency over the offered rate, the objective, and the load line where the one crosses the other. */
export function loadLinePlot(view: LoadLineView): Figure {
  const axes = axesOf(view)
  const lines = linesOf(view)
  const id = 'load-line'
  const behind = view.before
    ? [{ name: `the version before, ${quantileName(view.goal.quantile)}`, look: 'before' as const }]
    : []
  return {
    id,
    title: 'Load line',
    finding: findingOf(view),
    plot: drawPlot(axes, `${id}-finding`, [
      drawBand(axes, view.line.low, view.line.high),
      drawBefore(axes, view),
      drawGoal(axes, view),
      drawLines(axes, lines),
      ...lines.map((line) => drawDots(axes, line)),
      drawWaterline(axes, view),
    ]),
    legend: drawLegend([...lines, ...behind]),
    note: undefined,
    data: {
      heads: ['offered', 'p50', 'p95', 'p99', 'errors', 'version'],
      rows: rowsOf(view),
    },
  }
}
