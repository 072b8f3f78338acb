import { useId } from 'react'
import { Link } from 'wouter'
import type { LoadHistoryView } from '../../contract/index.ts'
import { formatDate, formatShare } from '../format.ts'
import { AxisX, AxisY } from './axis.tsx'
import { CursorInput, CursorLine, Readout, useCursor } from './cursor.tsx'
import { type Area, Drawing } from './drawing.tsx'
import {
  changeLabels,
  dayNames,
  driftPlaces,
  formatIndex,
  pointText,
  rangeOf,
  type Step,
  stepText,
} from './load-line.ts'
import { placeLabels } from './place-labels.ts'
import { labelled, type OrderScale, orderScale, roomAtLeft, roundedScale, type Scale } from './scale.ts'

/** Nearer to each other, points would be one band. */
const leastStep = 7

type Axes = { readonly x: OrderScale; readonly y: Scale; readonly area: Area }

const Reaches = ({ steps, x, y }: { steps: readonly Step[] } & Axes) => (
  <path
    className="reach base"
    d={steps
      .map(({ reach }, i) => (reach ? `M${x.at(i)} ${y.at(reach.low)}V${y.at(reach.high)}` : ''))
      .join('')}
  />
)

const Points = ({ steps, x, y }: { steps: readonly Step[] } & Axes) => (
  <>
    <polyline
      className="line base"
      points={steps.map(({ index }, i) => `${x.at(i)},${y.at(index)}`).join(' ')}
    />
    {x.step < leastStep
      ? null
      : steps.map(({ index, release }, i) => (
          <circle key={release.digest} className="dot base" cx={x.at(i)} cy={y.at(index)} r="3.5" />
        ))}
  </>
)

type Labels = ReturnType<typeof placeLabels>

const labelRow = 18

/** A lasting change is a line between the last release before it and the first after it, with its size. */
const Shifts = ({ labels, area }: { labels: Labels; area: Area }) => (
  <g className="shift">
    {labels.map(({ text, x, left, row }) => {
      const y = area.top - 8 - row * labelRow
      return (
        <g key={x}>
          <line x1={x} x2={x} y1={y - 10} y2={area.bottom} />
          <text x={left} y={y}>
            {text}
          </text>
        </g>
      )
    })}
  </g>
)

/** Releases that changed it little by little. */
const DriftBand = ({ places, area }: { places: readonly number[]; area: Area }) => {
  const [from, to] = [places[0], places.at(-1)]
  return from === undefined || to === undefined ? null : (
    <rect className="drift" x={from} y={area.top} width={to - from} height={area.bottom - area.top} />
  )
}

/** Days below the newest release and below those that leave room for them; each is named once. */
function dayMarks(steps: readonly Step[], { at, step }: OrderScale) {
  const nameDay = dayNames(steps)
  const marks = labelled(steps.length, step, 72).map((i) => ({ x: at(i), text: nameDay(steps[i]?.at ?? 0) }))
  return marks.filter(({ text }, i) => marks[i + 1]?.text !== text)
}

function ReadPoint({ step }: { step: Step | undefined }) {
  if (!step) return null
  return (
    <>
      <strong>{step.release.subject || step.release.short}</strong>
      <span>
        {formatDate(step.at)}: {formatIndex(step.index)}, {stepText(step)}{' '}
        {step.comparison ? (
          <Link href={`/comparisons/${encodeURIComponent(step.comparison)}`}>See the comparison</Link>
        ) : null}
      </span>
    </>
  )
}

type Plotted = {
  readonly steps: readonly Step[]
  readonly drift: LoadHistoryView['drift']
  readonly labelledBy: string
  readonly width: number
}

/** The line with its lasting changes, and a cursor that walks from release to release. */
export function LoadLinePlot({ steps, drift, labelledBy, width }: Plotted) {
  const id = useId()
  const cursor = useCursor(steps.length)
  const range = rangeOf(steps)
  const ends = { from: roomAtLeft(range, 5, formatShare), to: width - 30 }
  const x = orderScale(steps.length, ends)
  const labels = placeLabels(changeLabels(steps, drift, x.at), ends)
  const rows = Math.max(0, ...labels.map(({ row }) => row + 1))
  const top = 28 + rows * labelRow
  const area = { left: ends.from, right: ends.to, top, bottom: top + 220 }
  const height = area.bottom + 48
  const y = roundedScale(range, { from: area.bottom, to: area.top }, 5)
  const axes = { x, y, area }
  const here = steps[cursor.at]
  return (
    <>
      <Drawing
        width={width}
        height={height}
        labelledBy={labelledBy}
        over={
          <CursorInput
            {...{ id, cursor, x, area, width, height }}
            name="Release"
            text={here ? pointText(here) : ''}
          />
        }
      >
        <AxisY area={area} scale={y} format={formatShare} title="load line, first release = 100 %" />
        <AxisX area={area} marks={dayMarks(steps, x)} />
        <text className="axis" x={area.right} y={height - 6} textAnchor="end">
          releases, the newest last
        </text>
        <line className="no-change" x1={area.left} x2={area.right} y1={y.at(1)} y2={y.at(1)} />
        <DriftBand places={driftPlaces(steps).map(x.at)} area={area} />
        <Shifts labels={labels} area={area} />
        <CursorLine x={x.at(cursor.at)} ys={here ? [y.at(here.index)] : []} area={area} />
        <Reaches steps={steps} {...axes} />
        <Points steps={steps} {...axes} />
      </Drawing>
      <Readout of={id}>
        <ReadPoint step={here} />
      </Readout>
    </>
  )
}
