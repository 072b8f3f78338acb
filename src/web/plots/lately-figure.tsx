import { useId } from 'react'
import type { HealthHistory } from '../../contract/index.ts'
import { formatTimeOfDay } from '../format.ts'
import { AxisX, AxisY, type Format } from './axis.tsx'
import { CursorInput, CursorLine, Readout, useCursor } from './cursor.tsx'
import { Data } from './data.tsx'
import { type Area, Drawing, Measured } from './drawing.tsx'
import { Figure, Legend } from './figure.tsx'
import {
  type Line,
  legendOf,
  lineFinding,
  linesCsv,
  linesTable,
  mostIn,
  piecesOf,
  type Role,
  rolesOf,
  textAt,
} from './lately.ts'
import { labelled, type OrderScale, orderScale, roomAtLeft, roundedScale, type Scale } from './scale.ts'

const height = 220

export type Axis = {
  readonly title: string
  /** Of its marks. */
  readonly format: Format
  /** It reaches at least so far up, so that nothing is no cliff. */
  readonly least: number
}

type Plotted = {
  readonly history: HealthHistory
  readonly lines: readonly Line[]
  readonly axis: Axis
  readonly format: Format
  readonly labelledBy: string
}

const ReleaseLine = ({ line, role, x, y }: { line: Line; role: Role; x: OrderScale; y: Scale }) =>
  piecesOf(line).map((piece) => (
    <polyline
      key={piece[0]}
      className={`line ${role}`}
      // A single value is seen as a short stroke.
      points={(piece.length === 1 ? [...piece, ...piece] : piece)
        .map((i, n) => `${x.at(i) + (piece.length === 1 ? n * 2 - 1 : 0)},${y.at(line.values[i] ?? 0)}`)
        .join(' ')}
    />
  ))

/** Where on the axis a time stands, whole steps or not. */
function Deployments({
  history: { times, deployments },
  x,
  area,
}: {
  history: HealthHistory
  x: OrderScale
  area: Area
}) {
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  const stepMs = (last - first) / Math.max(1, times.length - 1)
  return deployments.map(({ id, at }) => {
    const here = x.at(Math.min(times.length - 1, (at - first) / stepMs))
    return (
      <g key={id} className="shift">
        <line x1={here} x2={here} y1={area.top} y2={area.bottom} />
      </g>
    )
  })
}

function LatelyPlot({ history, lines, axis, format, labelledBy, width }: Plotted & { width: number }) {
  const id = useId()
  const { times } = history
  const cursor = useCursor(times.length)
  const range = { low: 0, high: Math.max(axis.least, mostIn(lines)) }
  const area = { left: roomAtLeft(range, 4, axis.format, 64), right: width - 8, top: 28, bottom: height - 32 }
  const x = orderScale(times.length, { from: area.left, to: area.right })
  const y = roundedScale(range, { from: area.bottom, to: area.top }, 4)
  const roles = rolesOf(history)
  const text = textAt(history, lines, cursor.at, format)
  return (
    <>
      <Drawing
        width={width}
        height={height}
        labelledBy={labelledBy}
        over={<CursorInput {...{ id, text, cursor, x, area, width, height }} name="Time" />}
      >
        <AxisY area={area} scale={y} format={axis.format} title={axis.title} />
        <AxisX
          area={area}
          marks={labelled(times.length, x.step, 72)
            .filter((i) => x.at(i) > area.left + 16 && x.at(i) < area.right - 16)
            .map((i) => ({ x: x.at(i), text: formatTimeOfDay(times[i] ?? 0) }))}
        />
        <Deployments {...{ history, x, area }} />
        <CursorLine
          x={x.at(cursor.at)}
          ys={lines.flatMap(({ values }) => {
            const value = values[cursor.at] ?? null
            return value === null ? [] : [y.at(value)]
          })}
          area={area}
        />
        {lines.map((line) => (
          <ReleaseLine key={line.name} {...{ line, x, y }} role={roles.get(line.name) ?? 'aside'} />
        ))}
      </Drawing>
      <Readout of={id}>{text}</Readout>
    </>
  )
}

const Sample = ({ role }: { role: Role }) => (
  <svg viewBox="0 0 32 12" width="32" height="12" aria-hidden="true">
    <path className={`line ${role}`} d="M1 6H31" />
  </svg>
)

const marker = {
  mark: (
    <svg viewBox="0 0 8 16" width="8" height="16" aria-hidden="true" className="shift">
      <line x1="4" x2="4" y1="0" y2="16" />
    </svg>
  ),
  text: 'a deployment ended',
}

/** How a figure of an environment went lately, by release, with what was deployed meanwhile. */
export function LatelyFigure({
  title,
  what,
  history,
  lines,
  axis,
  format,
}: {
  title: string
  /** What the lines are, within a sentence: "rate". */
  what: string
  history: HealthHistory
  lines: readonly Line[]
  axis: Axis
  format: Format
}) {
  const roles = rolesOf(history)
  const legend = [
    ...legendOf(lines, roles).map(({ role, text }) => ({ mark: <Sample role={role} />, text })),
    ...(history.deployments.length > 0 ? [marker] : []),
  ]
  const { times, service, environment } = history
  return (
    <Figure
      title={title}
      finding={lineFinding(what, lines, format)}
      legend={<Legend of={legend} />}
      data={
        <Data
          title={title}
          table={linesTable(times, lines, format)}
          csv={linesCsv(times, lines)}
          file={`${what}-${service}-${environment}`}
        />
      }
    >
      {(labelledBy) => (
        <Measured>
          {(width) => <LatelyPlot {...{ history, lines, axis, format, labelledBy, width }} />}
        </Measured>
      )}
    </Figure>
  )
}
