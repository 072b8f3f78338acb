import type { JudgedMetric, JudgeView } from '../../contract/index.ts'
import { formatTimes } from '../format.ts'
import { AxisX } from './axis.tsx'
import { type Area, Drawing } from './drawing.tsx'
import { linesIn } from './lines-in.ts'
import { chanceText, ratioRange, ratioReach, ratioWords, standingOf, tallyText } from './ratios.ts'
import { ReachMark } from './reach-mark.tsx'
import { ratioScale, type Scale } from './scale.ts'

/** Where it is narrow, what is said of a metric stands above its interval, not beside it. */
const wideFrom = 620

type Layout = {
  readonly area: Area
  readonly rowHeight: number
  /** Middle of the interval in its row. */
  readonly middle: number
  readonly height: number
  /** Of what is judged, line by line. */
  readonly titles: readonly (readonly string[])[]
  /** Baselines of what is said, line by line. */
  readonly lines: {
    readonly title: number
    readonly canary: number
    readonly live: number
    /** Below the others; where it is wide, the ratio stands beside them. */
    readonly ratio: number
    readonly bounds: number
  }
}

const titleLine = 18
/** The column to the left of the intervals. */
const columnWidth = 232

function layoutOf(width: number, metrics: readonly JudgedMetric[]): Layout {
  const wide = width >= wideFrom
  const titles = metrics.map(({ title }) => linesIn(title, wide ? columnWidth : width))
  // Each row has the room that the longest title needs.
  const more = titleLine * (Math.max(1, ...titles.map(({ length }) => length)) - 1)
  const rowHeight = (wide ? 76 : 150) + more
  const bottom = metrics.length * rowHeight
  const [left, right] = wide ? [columnWidth + 8, width - 150] : [20, width - 20]
  return {
    area: { left, right, top: 0, bottom },
    rowHeight,
    middle: wide ? rowHeight / 2 : 124 + more,
    height: bottom + 48,
    titles,
    lines: wide
      ? { title: 22, canary: 43, live: 61, ratio: 22, bounds: 43 }
      : { title: 22, canary: 42, live: 60, ratio: 78, bounds: 96 },
  }
}

type Said = {
  readonly metric: JudgedMetric
  readonly title: readonly string[]
  readonly layout: Layout
  readonly width: number
}

/** How many times that is, to the right of both shares; below them where there is no room. */
function Ratio({ metric, layout: { lines }, width }: Omit<Said, 'title'>) {
  const [first, second] = ratioWords(metric)
  const chance = chanceText(metric)
  if (width < wideFrom)
    return (
      <>
        <text className="strong" x={0} y={lines.ratio}>
          {first}
        </text>
        <text x={0} y={lines.bounds}>
          {second}, {chance}
        </text>
      </>
    )
  return (
    <>
      <text className="strong" x={width} y={lines.ratio} textAnchor="end">
        {first}
      </text>
      <text x={width} y={lines.bounds} textAnchor="end">
        {second}
      </text>
      <text x={width} y={lines.bounds + titleLine} textAnchor="end">
        {chance}
      </text>
    </>
  )
}

/** Both shares, and what comes of them. */
function Words({ metric, title, layout, width }: Said) {
  const { lines } = layout
  return (
    <>
      <text className="strong" y={lines.title}>
        {title.map((line, i) => (
          <tspan key={title.slice(0, i + 1).join(' ')} x={0} dy={i === 0 ? 0 : titleLine}>
            {line}
          </tspan>
        ))}
      </text>
      <g transform={`translate(0 ${titleLine * (title.length - 1)})`}>
        <text x={0} y={lines.canary}>
          new: {tallyText(metric.canary)}
        </text>
        <text x={0} y={lines.live}>
          live: {tallyText(metric.live)}
        </text>
        <Ratio {...{ metric, layout, width }} />
      </g>
    </>
  )
}

type Row = {
  readonly judge: JudgeView
  readonly title: readonly string[]
  readonly metric: JudgedMetric
  readonly layout: Layout
  readonly scale: Scale
  readonly width: number
}

function RatioRow({ judge, metric, title, layout, scale, width }: Row) {
  const { area, rowHeight, middle } = layout
  const standing = standingOf(judge, metric)
  const reach = ratioReach(metric, scale, { from: area.left, to: area.right })
  const same = scale.at(1)
  return (
    <>
      <Words {...{ metric, title, layout, width }} />
      <line className="no-change" x1={same} x2={same} y1={middle - 20} y2={middle + 20} />
      <g className={`verdict ${standing ?? 'none'}`} transform={`translate(0 ${middle})`}>
        {reach ? <ReachMark reach={reach} verdict={standing} /> : null}
      </g>
      <line className="rule" x1={0} x2={width} y1={rowHeight} y2={rowHeight} />
    </>
  )
}

/** A row for each metric, on one axis of ratios: how many times as often the new release has it as the live version. */
export function RatiosPlot({
  judge,
  width,
  labelledBy,
}: {
  judge: JudgeView
  width: number
  labelledBy: string
}) {
  const { metrics } = judge
  const layout = layoutOf(width, metrics)
  const { area, height, rowHeight, titles } = layout
  const most = Math.floor((area.right - area.left) / 40)
  const scale = ratioScale(ratioRange(metrics), { from: area.left, to: area.right }, most)
  return (
    <Drawing width={width} height={height} labelledBy={labelledBy}>
      {metrics.map((metric, i) => (
        <g key={metric.key} transform={`translate(0 ${i * rowHeight})`}>
          <RatioRow {...{ judge, metric, title: titles[i] ?? [], layout, scale, width }} />
        </g>
      ))}
      <AxisX
        area={area}
        marks={scale.ticks.map((value) => ({ x: scale.at(value), text: formatTimes(value) }))}
      />
      <g className="axis">
        <text x={area.left} y={area.bottom + 42}>
          ← less often
        </text>
        <text x={area.right} y={area.bottom + 42} textAnchor="end">
          more often →
        </text>
      </g>
    </Drawing>
  )
}
