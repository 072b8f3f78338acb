import { useId } from 'react'
import type { PlaceForecast } from '../../contract/index.ts'
import { formatCount } from '../format.ts'
import { AxisX, AxisY } from './axis.tsx'
import { CursorInput, CursorLine, Readout, useCursor } from './cursor.tsx'
import { type Area, Drawing } from './drawing.tsx'
import { type Fan, firstAhead, isInReach, medianPath, type Place, seenPath, topOf } from './fan.ts'
import { namedDays, timeMarks } from './fan-marks.ts'
import {
  Above,
  BackFilled,
  Bands,
  backFilledName,
  Crossing,
  Days,
  EndNames,
  labelRow,
  spanOf,
  Waterline,
} from './fan-parts.tsx'
import { type Grain, peakName, stepText } from './fan-words.ts'
import { placeLabels } from './place-labels.ts'
import { orderScale, roomAtLeft, roundedScale } from './scale.ts'

const plotHeight = 260

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
  const range = { low: 0, high: topOf(fan, of.line) }
  const ends = { from: roomAtLeft(range, 5, formatCount), to: width - 60 }
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
  const y = roundedScale(range, { from: area.bottom, to: area.top }, 5)
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
        <AxisX
          area={area}
          marks={timeMarks(grain, { from, to, width: area.right - area.left }, of.timeZone, at)}
        />
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
