import type { JudgedMetric, JudgeView } from '../../contract/index.ts'
import { formatTimes } from '../format.ts'
import { AxisX } from './axis.tsx'
import { type Area, Drawing } from './drawing.tsx'
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
  /** Baselines of what is said, line by line. */
  readonly lines: {
    readonly title: number
    readonly canary: number
    readonly live: number
    readonly estimate: number
    readonly bounds: number
  }
}

function layoutOf(width: number, rows: number): Layout {
  const wide = width >= wideFrom
  const rowHeight = wide ? 76 : 132
  const bottom = rows * rowHeight
  const [left, right] = wide ? [215, width - 130] : [20, width - 20]
  return {
    area: { left, right, top: 0, bottom },
    rowHeight,
    middle: wide ? 38 : 106,
    height: bottom + 48,
    lines: wide
      ? { title: 22, canary: 43, live: 61, estimate: 22, bounds: 43 }
      : { title: 22, canary: 42, live: 60, estimate: 60, bounds: 78 },
  }
}

/** Both shares to the left, how many times that is to the right; under each other where there is no room. */
function Words({
  metric,
  layout: { lines },
  width,
}: {
  metric: JudgedMetric
  layout: Layout
  width: number
}) {
  const wide = width >= wideFrom
  const [first, second] = ratioWords(metric)
  return (
    <>
      <text className="strong" x={0} y={lines.title}>
        {metric.title}
      </text>
      <text x={0} y={lines.canary}>
        new: {tallyText(metric.canary)}
      </text>
      <text x={0} y={lines.live}>
        live: {tallyText(metric.live)}
      </text>
      <text className="strong" x={width} y={lines.estimate} textAnchor="end">
        {first}
      </text>
      <text x={wide ? width : 0} y={lines.bounds} textAnchor={wide ? 'end' : undefined}>
        {second}
        {wide ? '' : `, ${chanceText(metric)}`}
      </text>
      {wide ? (
        <text x={width} y={lines.live} textAnchor="end">
          {chanceText(metric)}
        </text>
      ) : null}
    </>
  )
}

type Row = {
  readonly judge: JudgeView
  readonly metric: JudgedMetric
  readonly layout: Layout
  readonly scale: Scale
  readonly width: number
}

function RatioRow({ judge, metric, layout, scale, width }: Row) {
  const { area, rowHeight, middle } = layout
  const standing = standingOf(judge, metric)
  const reach = ratioReach(metric, scale, { from: area.left, to: area.right })
  const same = scale.at(1)
  return (
    <>
      <Words metric={metric} layout={layout} width={width} />
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
  const layout = layoutOf(width, metrics.length)
  const { area, height, rowHeight } = layout
  const most = Math.floor((area.right - area.left) / 40)
  const scale = ratioScale(ratioRange(metrics), { from: area.left, to: area.right }, most)
  return (
    <Drawing width={width} height={height} labelledBy={labelledBy}>
      {metrics.map((metric, i) => (
        <g key={metric.key} transform={`translate(0 ${i * rowHeight})`}>
          <RatioRow {...{ judge, metric, layout, scale, width }} />
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
