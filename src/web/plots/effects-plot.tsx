import { useId } from 'react'
import type { EffectView } from '../../contract/index.ts'
import { formatChange } from '../format.ts'
import { AxisX } from './axis.tsx'
import { type Area, Drawing } from './drawing.tsx'
import { estimateText, intervalText, marginOf, marginText, rangeOf, reachOf } from './effects.ts'
import { ReachMark } from './reach-mark.tsx'
import { type Scale, tightScale } from './scale.ts'

/** Where it is narrow, what is said of an effect stands above its interval, not beside it. */
const wideFrom = 560

type Layout = {
  readonly area: Area
  readonly rowHeight: number
  readonly bandTop: number
  readonly height: number
}

const bandHeight = 36

function layoutOf(width: number, rows: number): Layout {
  const wide = width >= wideFrom
  const rowHeight = wide ? 56 : 96
  const bottom = rows * rowHeight
  const [left, right] = wide ? [150, width - 150] : [20, width - 20]
  return {
    area: { left, right, top: 0, bottom },
    rowHeight,
    bandTop: wide ? 10 : 50,
    height: bottom + 48,
  }
}

/** Where it would be worse than it may be. */
function Zone({
  effect,
  area,
  y,
  scale,
  hatch,
}: {
  effect: EffectView
  area: Area
  y: number
  scale: Scale
  hatch: string
}) {
  const margin = marginOf(effect)
  if (margin === null) return null
  const x = scale.at(margin)
  const [left, right] = effect.worse === 'lower' ? [area.left, x] : [x, area.right]
  const place = { x: left, y, width: Math.max(0, right - left), height: bandHeight }
  return (
    <>
      <rect className="zone" {...place} />
      <rect fill={`url(#${hatch})`} {...place} />
      <line className="margin" x1={x} x2={x} y1={y - 4} y2={y + bandHeight + 4} />
    </>
  )
}

function Estimate({ effect, scale, area }: { effect: EffectView; scale: Scale; area: Area }) {
  const reach = reachOf(effect, scale, { from: area.left, to: area.right })
  return reach && <ReachMark reach={reach} verdict={effect.verdict} />
}

function Words({ effect, layout, width }: { effect: EffectView; layout: Layout; width: number }) {
  const [first, second] = width >= wideFrom ? [24, 43] : [20, 38]
  return (
    <>
      <text className="strong" x={0} y={first}>
        {effect.title}
      </text>
      <text x={0} y={second}>
        {marginText(effect)}
      </text>
      <g textAnchor="end">
        <text className="strong" x={width} y={first}>
          {estimateText(effect)}
        </text>
        <text x={width} y={second}>
          {intervalText(effect)}
        </text>
      </g>
      <line className="rule" x1={0} x2={width} y1={layout.rowHeight} y2={layout.rowHeight} />
    </>
  )
}

type Row = { effect: EffectView; layout: Layout; scale: Scale; width: number; hatch: string }

function EffectRow({ effect, layout, scale, width, hatch }: Row) {
  const { area, bandTop } = layout
  return (
    <>
      <Words effect={effect} layout={layout} width={width} />
      <Zone effect={effect} area={area} y={bandTop} scale={scale} hatch={hatch} />
      <line
        className="no-change"
        x1={scale.at(0)}
        x2={scale.at(0)}
        y1={bandTop - 4}
        y2={bandTop + bandHeight + 4}
      />
      <g
        className={`verdict ${effect.verdict ?? 'none'}`}
        transform={`translate(0 ${bandTop + bandHeight / 2})`}
      >
        <Estimate effect={effect} scale={scale} area={area} />
      </g>
    </>
  )
}

/** A row for each effect, on one axis: its interval, none, and what it may not go beyond. */
export function EffectsPlot({
  effects,
  width,
  labelledBy,
}: {
  effects: readonly EffectView[]
  width: number
  labelledBy: string
}) {
  const hatch = useId()
  const layout = layoutOf(width, effects.length)
  const { area, height, rowHeight } = layout
  const most = Math.max(2, Math.floor((area.right - area.left) / 64))
  const scale = tightScale(rangeOf(effects), { from: area.left, to: area.right }, most)
  return (
    <Drawing width={width} height={height} labelledBy={labelledBy}>
      <pattern id={hatch} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line className="hatch" x1="0" x2="0" y1="0" y2="7" />
      </pattern>
      {effects.map((effect, i) => (
        <g key={effect.metric} transform={`translate(0 ${i * rowHeight})`}>
          <EffectRow effect={effect} layout={layout} scale={scale} width={width} hatch={hatch} />
        </g>
      ))}
      <AxisX
        area={area}
        marks={scale.ticks.map((value) => ({ x: scale.at(value), text: formatChange(value) }))}
      />
      <g className="axis">
        <text x={area.left} y={area.bottom + 42}>
          ← lower
        </text>
        <text x={area.right} y={area.bottom + 42} textAnchor="end">
          higher →
        </text>
      </g>
    </Drawing>
  )
}
