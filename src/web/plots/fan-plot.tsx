import { useId } from 'react'
import type { PlaceForecast } from '../../contract/index.ts'
import { formatCount } from '../format.ts'
import { AxisX, AxisY } from './axis.tsx'
import { CursorInput, CursorLine, Readout, useCursor } from './cursor.tsx'
import { type Area, Drawing } from './drawing.tsx'
import {
  bandPath,
  type Fan,
  firstAhead,
  isInReach,
  levels,
  medianPath,
  type Place,
  seenPath,
  topOf,
} from './fan.ts'
import { namedDays, spread, timeMarks } from './fan-marks.ts'
import { dayText, type Grain, peakName, rateText, stepText } from './fan-words.ts'
import { placeLabels } from './place-labels.ts'
import { orderScale, roundedScale, type Scale } from './scale.ts'

const plotHeight = 260
const labelRow = 18
const backFilledName = 'back-filled'

type Axes = { readonly at: (time: number) => number; readonly y: Scale; readonly area: Area }

/** Its name stands where nothing else does: over what was, which is below it as a rule. */
function Waterline({ line, y, area }: { line: NonNullable<PlaceForecast['line']> } & Omit<Axes, 'at'>) {
  // Where nobody has found the end, the name says so.
  const [top, at] = [y.at(line.high ?? line.at), y.at(line.at)]
  const least = line.high === null ? 'at least ' : line.low === 0 ? 'at most ' : ''
  return (
    <g>
      <rect
        className="band"
        x={area.left}
        y={top}
        width={area.right - area.left}
        height={y.at(line.low) - top}
      />
      <line className="waterline" x1={area.left} x2={area.right} y1={at} y2={at} />
      <text className="named" x={area.left + 6} y={Math.max(area.top + 12, Math.min(at, top) - 6)}>
        load line: {least}
        {rateText(line.at)}
      </text>
    </g>
  )
}

/** The load line is so far up that it would make all of it flat. */
const Above = ({ line, area }: { line: NonNullable<PlaceForecast['line']>; area: Area }) => (
  <text className="named" x={area.left + 6} y={area.top + 12}>
    ↑ load line: {rateText(line.at)}
  </text>
)

const Bands = ({ fan, place }: { fan: Fan; place: Place }) => (
  <g className="fan">
    {levels.toReversed().map((level) => (
      <path key={level} d={bandPath(fan, level, place)} />
    ))}
  </g>
)

/** Names of the bands, and of their middle, at their right ends. */
function EndNames({ fan, y, area }: { fan: Fan; y: Scale; area: Area }) {
  const last = fan.steps.at(-1)?.ahead
  if (!last) return null
  const ends = [
    { text: 'median', y: y.at(last.median) },
    ...levels.map((level) => ({ text: `${level} %`, y: Math.max(area.top, y.at(last[level].high)) })),
  ]
  return spread(ends, area.bottom).map(({ text, y: here }) => (
    <text key={text} x={area.right + 6} y={here} dy="0.35em">
      {text}
    </text>
  ))
}

/** When the line is crossed, on the axis: the day by which half of the futures have, and where 80 % do. */
function Crossing({ of: { crossing, line }, at, y, area }: { of: PlaceForecast } & Axes) {
  const { date, early, late } = crossing ?? {}
  if (early === undefined || at(early) > area.right) return null
  const [from, to] = [at(early), late === undefined ? area.right : Math.min(area.right, at(late))]
  const end =
    late === undefined || at(late) > area.right ? `M${to - 6} -5L${to} 0L${to - 6} 5` : `M${to} -7V7`
  const middle = date === undefined ? undefined : at(date)
  const text = date === undefined ? `from ${dayText(early)}` : `about ${dayText(date)}`
  const half = text.length * 4
  const x = Math.max(area.left + half, Math.min(area.right - half, middle ?? from))
  return (
    <g className="crossing">
      {middle === undefined || !line ? null : (
        <>
          <line className="drop" x1={middle} x2={middle} y1={y.at(line.at)} y2={area.bottom} />
          <circle cx={middle} cy={y.at(line.at)} r="4" />
        </>
      )}
      <path transform={`translate(0 ${area.bottom})`} d={`M${from} -7V7M${from} 0H${to}${end}`} />
      {middle === undefined ? null : (
        <path className="day" transform={`translate(${middle} ${area.bottom})`} d="M0 -6L6 0L0 6L-6 0Z" />
      )}
      <text className="named" x={x} y={area.bottom - 14} textAnchor="middle">
        {text}
      </text>
    </g>
  )
}

/** What of it was not seen here: a line along the upper edge, below its name. */
const BackFilled = ({ span, area }: { span: Span | undefined; area: Area }) =>
  span ? <line className="back-filled" x1={span.from} x2={span.to} y1={area.top} y2={area.top} /> : null

type Span = { readonly from: number; readonly to: number }

/** Where on the axis something lies of which only a part may be shown. */
function spanOf(of: PlaceForecast['backFilled'], at: Axes['at'], { from, to }: Span): Span | undefined {
  if (!of || at(of.until) <= from) return undefined
  return { from: Math.max(from, at(of.from)), to: Math.min(to, at(of.until)) }
}

/** Special days at the upper edge; above it names, of each kind of day one. */
const Days = ({
  days,
  labels,
  at,
  area,
}: {
  days: PlaceForecast['days']
  labels: ReturnType<typeof placeLabels>
  at: Axes['at']
  area: Area
}) => (
  <g className="special">
    {days.map((day) => (
      <line key={day.at} x1={at(day.at)} x2={at(day.at)} y1={area.top - 3} y2={area.top + 5} />
    ))}
    {labels.map(({ text, left, row }) => (
      <text
        key={text}
        className={text === backFilledName ? 'back-filled' : undefined}
        x={left - 8}
        y={area.top - 8 - row * labelRow}
      >
        {text}
      </text>
    ))}
  </g>
)

/** What was, what is expected with its bands, and the waterline; a cursor walks from step to step. */
export function FanPlot({
  of,
  fan,
  grain,
  labelledBy,
  width,
}: {
  of: PlaceForecast
  fan: Fan
  grain: Grain
  labelledBy: string
  width: number
}) {
  const id = useId()
  const { steps, stepMs } = fan
  const ahead = firstAhead(fan)
  const cursor = useCursor(steps.length, ahead)
  const ends = { from: 52, to: width - 52 }
  const x = orderScale(steps.length, ends)
  const from = steps[0]?.at ?? 0
  const at = (time: number) => Math.round((x.from + ((time - from) / stepMs) * x.step) * 10) / 10
  const to = from + steps.length * stepMs
  const days = of.days.filter((day) => day.at >= from && day.at < to)
  const now = steps[ahead]?.at ?? to
  const span = spanOf(of.backFilled, at, ends)
  const labels = placeLabels(
    [
      ...(span ? [{ text: backFilledName, x: span.from }] : []),
      { text: 'now', x: at(now) },
      ...namedDays(days, now).map((day) => ({ text: day.kind, x: at(day.at) })),
    ],
    ends,
  )
  const top = 34 + labelRow * Math.max(1, ...labels.map(({ row }) => row + 1))
  const area: Area = { left: ends.from, right: ends.to, top, bottom: top + plotHeight }
  const height = area.bottom + 32
  const y = roundedScale({ low: 0, high: topOf(fan, of.line) }, { from: area.bottom, to: area.top }, 5)
  const place: Place = (i, value) => `${x.at(i)} ${Math.max(area.top, y.at(value))}`
  const text = (i: number) => stepText(fan, steps[i] ?? { at: 0, seen: null }, of, grain)
  const here = steps[cursor.at]
  const value = here?.seen ?? here?.ahead?.median
  const axes = { at, y, area }
  return (
    <>
      <Drawing
        width={width}
        height={height}
        labelledBy={labelledBy}
        over={
          <CursorInput
            {...{ id, cursor, x, area, width, height }}
            name={grain === 'hours' ? 'Hour' : 'Week'}
            text={text(cursor.at)}
          />
        }
      >
        <AxisY
          area={area}
          scale={y}
          format={formatCount}
          title={grain === 'hours' ? 'requests/s' : `requests/s, busiest ${peakName(of)} of a week`}
        />
        <AxisX area={area} marks={timeMarks(grain, { from, to, width: area.right - area.left }, at)} />
        <Bands fan={fan} place={place} />
        {isInReach(fan, of.line) ? <Waterline line={of.line} {...{ y, area }} /> : null}
        {of.line && !isInReach(fan, of.line) ? <Above line={of.line} area={area} /> : null}
        <line className="now" x1={at(now)} x2={at(now)} y1={area.top - 6} y2={area.bottom} />
        {fan.dots.map((dot) => (
          <circle key={dot.at} className="peak" cx={at(dot.at)} cy={y.at(dot.value)} r="1.5" />
        ))}
        <path className="line base" d={seenPath(fan, place)} />
        <path className="expected" d={medianPath(fan, place)} />
        <BackFilled span={span} area={area} />
        {grain === 'weeks' ? <Crossing of={of} {...axes} /> : null}
        <Days days={days} labels={labels} {...axes} />
        <CursorLine
          x={x.at(cursor.at)}
          ys={value === undefined ? [] : [Math.max(area.top, y.at(value))]}
          area={area}
        />
        <EndNames fan={fan} {...axes} />
      </Drawing>
      <Readout of={id}>{text(cursor.at)}</Readout>
    </>
  )
}
