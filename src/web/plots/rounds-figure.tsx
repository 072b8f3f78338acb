import { useId } from 'react'
import type { RoundView } from '../../contract/index.ts'
import { formatCount } from '../format.ts'
import { AxisX, AxisY } from './axis.tsx'
import { CursorInput, CursorLine, Readout, useCursor } from './cursor.tsx'
import { Data } from './data.tsx'
import { Drawing, Measured } from './drawing.tsx'
import { Figure, Legend } from './figure.tsx'
import { rangeOf, roundsCsv, roundsFinding, roundsTable, roundText, slotsOf } from './rounds.ts'
import { labelled, orderScale, roomAtLeft, roundedScale } from './scale.ts'

type Side = 'base' | 'change'

/** A round dot for the base, a square one for the change; hollow when its round does not count. */
const Dot = ({ side, x, y, hollow }: { side: Side; x: number; y: number; hollow: boolean }) => {
  const look = `dot ${side} ${hollow ? 'hollow' : ''}`
  return side === 'base' ? (
    <circle className={look} cx={x} cy={y} r="4" />
  ) : (
    <rect className={look} x={x - 4} y={y - 4} width="8" height="8" />
  )
}

type Drawn = { readonly x: number; readonly y: number; readonly counts: boolean }

/** Nearer to each other, dots would be one band; those of rounds that do not count stand alone, and are always seen. */
const leastStep = 9

/** Only rounds that count are joined. */
const SideLine = ({ side, points, step }: { side: Side; points: readonly Drawn[]; step: number }) => (
  <>
    <polyline
      className={`line ${side}`}
      points={points
        .filter(({ counts }) => counts)
        .map(({ x, y }) => `${x},${y}`)
        .join(' ')}
    />
    {points
      .filter(({ counts }) => !counts || step >= leastStep)
      .map(({ x, y, counts }) => (
        <Dot key={x} side={side} x={x} y={y} hollow={!counts} />
      ))}
  </>
)

type Plotted = {
  readonly rounds: readonly RoundView[]
  readonly goesOn: boolean
  readonly labelledBy: string
}

const height = 280

function RoundsPlot({ rounds, goesOn, labelledBy, width }: Plotted & { width: number }) {
  const id = useId()
  const cursor = useCursor(rounds.length)
  const range = rangeOf(rounds)
  const area = { left: roomAtLeft(range, 5, formatCount), right: width - 8, top: 28, bottom: height - 48 }
  const slots = slotsOf(rounds, goesOn)
  const x = orderScale(slots, { from: area.left, to: area.right })
  const y = roundedScale(range, { from: area.bottom, to: area.top }, 5)
  const pointsOf = (side: Side): Drawn[] =>
    rounds.map((one, i) => ({ x: x.at(i), y: y.at(one[side]), counts: one.void === undefined }))
  const here = rounds[cursor.at]
  const text = here ? roundText(here, cursor.at) : ''
  return (
    <>
      <Drawing
        width={width}
        height={height}
        labelledBy={labelledBy}
        over={<CursorInput {...{ id, text, cursor, x, area, width, height }} name="Round" />}
      >
        <AxisY area={area} scale={y} format={formatCount} title="requests/s within the objective" />
        <AxisX
          area={area}
          marks={labelled(slots, x.step, 24).map((i) => ({ x: x.at(i), text: String(i + 1) }))}
        />
        <text className="axis" x={area.right} y={height - 6} textAnchor="end">
          round
        </text>
        <CursorLine x={x.at(cursor.at)} ys={here ? [y.at(here.base), y.at(here.change)] : []} area={area} />
        <SideLine side="base" points={pointsOf('base')} step={x.step} />
        <SideLine side="change" points={pointsOf('change')} step={x.step} />
      </Drawing>
      <Readout of={id}>{text}</Readout>
    </>
  )
}

const Sample = ({ side, hollow }: { side: Side; hollow?: boolean }) => (
  <svg viewBox="0 0 32 12" width="32" height="12" aria-hidden="true">
    {hollow ? null : <path className={`line ${side}`} d="M1 6H31" />}
    <Dot side={side} x={16} y={6} hollow={hollow ?? false} />
  </svg>
)

const legendOf = (names: Readonly<Record<Side, string>>, hasVoid: boolean) => [
  { mark: <Sample side="base" />, text: `base: ${names.base}` },
  { mark: <Sample side="change" />, text: `change: ${names.change}` },
  ...(hasVoid ? [{ mark: <Sample side="base" hollow />, text: 'does not count' }] : []),
]

/** What both sides carried in each round. */
export function RoundsFigure({
  rounds,
  goesOn,
  names,
  file,
}: {
  rounds: readonly RoundView[]
  goesOn: boolean
  names: Readonly<Record<Side, string>>
  file: string
}) {
  const title = goesOn ? 'Rounds so far' : 'Rounds'
  const hasVoid = rounds.some((one) => one.void !== undefined)
  return (
    <Figure
      title={title}
      finding={roundsFinding(rounds)}
      legend={<Legend of={legendOf(names, hasVoid)} />}
      data={<Data title={title} table={roundsTable(rounds)} csv={roundsCsv(rounds)} file={file} />}
    >
      {(labelledBy) => (
        <Measured>{(width) => <RoundsPlot {...{ rounds, goesOn, labelledBy, width }} />}</Measured>
      )}
    </Figure>
  )
}
