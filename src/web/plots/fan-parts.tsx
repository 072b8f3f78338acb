import type { PlaceForecast } from '../../contract/index.ts'
import { dayText } from '../../kernel/zone-text.ts'
import type { Area } from './drawing.tsx'
import { bandPath, type Fan, levels, type Place } from './fan.ts'
import { spread } from './fan-marks.ts'
import { rateText } from './fan-words.ts'
import type { placeLabels } from './place-labels.ts'
import type { Scale } from './scale.ts'

export const labelRow = 18
export const backFilledName = 'back-filled'

type Axes = { readonly at: (time: number) => number; readonly y: Scale; readonly area: Area }

/** Narrower than this, words would reach into the names of the bands. */
const narrow = 200

/** Its name stands where nothing else does: over what was, which is below it as a rule. */
export function Waterline({
  line,
  y,
  area,
}: { line: NonNullable<PlaceForecast['line']> } & Omit<Axes, 'at'>) {
  // Where nobody has found the end, the name says so.
  const [top, at] = [y.at(line.high ?? line.at), y.at(line.at)]
  const [least, most] = area.right - area.left < narrow ? ['≥ ', '≤ '] : ['at least ', 'at most ']
  const bound = line.high === null ? least : line.low === 0 ? most : ''
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
        load line: {bound}
        {rateText(line.at)}
      </text>
    </g>
  )
}

/** The load line is so far up that it would make all of it flat. */
export const Above = ({ line, area }: { line: NonNullable<PlaceForecast['line']>; area: Area }) => (
  <text className="named" x={area.left + 6} y={area.top + 12}>
    ↑ load line: {rateText(line.at)}
  </text>
)

export const Bands = ({ fan, place }: { fan: Fan; place: Place }) => (
  <g className="fan">
    {levels.toReversed().map((level) => (
      <path key={level} d={bandPath(fan, level, place)} />
    ))}
  </g>
)

/** Names of the bands, and of their middle, at their right ends. */
export function EndNames({ fan, y, area }: { fan: Fan; y: Scale; area: Area }) {
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
export function Crossing({ of: { crossing, line, timeZone }, at, y, area }: { of: PlaceForecast } & Axes) {
  const { date, early, late } = crossing ?? {}
  if (early === undefined || at(early) > area.right) return null
  const [from, to] = [at(early), late === undefined ? area.right : Math.min(area.right, at(late))]
  const end =
    late === undefined || at(late) > area.right ? `M${to - 6} -5L${to} 0L${to - 6} 5` : `M${to} -7V7`
  const middle = date === undefined ? undefined : at(date)
  const text = date === undefined ? `from ${dayText(early, timeZone)}` : `about ${dayText(date, timeZone)}`
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
export const BackFilled = ({ span, area }: { span: Span | undefined; area: Area }) =>
  span ? <line className="back-filled" x1={span.from} x2={span.to} y1={area.top} y2={area.top} /> : null

type Span = { readonly from: number; readonly to: number }

/** Where on the axis something lies of which only a part may be shown. */
export function spanOf(
  of: PlaceForecast['backFilled'],
  at: Axes['at'],
  { from, to }: Span,
): Span | undefined {
  if (!of || at(of.until) <= from) return undefined
  return { from: Math.max(from, at(of.from)), to: Math.min(to, at(of.until)) }
}

/** Special days at the upper edge; above it names, of each kind of day one. */
export const Days = ({
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
