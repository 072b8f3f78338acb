import type { MeasuredLine } from '../../contract/index.ts'
import { asSentence, formatMs } from '../format.ts'
import { AxisX, AxisY } from './axis.tsx'
import { Data } from './data.tsx'
import { type Area, Drawing, Measured } from './drawing.tsx'
import { Figure, Legend } from './figure.tsx'
import { curveCsv, curveTable, latenciesOf, nameOf, type Quantile, quantiles, ratesOf } from './latency.ts'
import { roomAtLeft, roundedScale, type Scale } from './scale.ts'

const height = 280

type Axes = { readonly x: Scale; readonly y: Scale; readonly area: Area }

const styles: Readonly<Record<Quantile, string>> = {
  p50Ms: 'line aside',
  p95Ms: 'line change',
  p99Ms: 'line base',
}

const sampleOf = (className: string) => (
  <svg viewBox="0 0 32 16" width="32" height="16" aria-hidden="true">
    <path className={className} d="M1 8H31" />
  </svg>
)

const lineSample = (
  <svg viewBox="0 0 32 16" width="32" height="16" aria-hidden="true">
    <rect className="band" x="8" width="16" height="16" />
    <path className="waterline" d="M16 0V16" />
  </svg>
)

function legendOf({ interval }: MeasuredLine) {
  return [
    ...quantiles.map((one) => ({ mark: sampleOf(styles[one]), text: nameOf(one) })),
    { mark: sampleOf('margin'), text: 'the objective' },
    ...(interval ? [{ mark: lineSample, text: 'the load line, with its 95 % interval' }] : []),
  ]
}

/** Up to the upper edge: what lies beyond is not drawn, and is in the table. */
const Curve = ({ line, of, x, y, area }: { line: MeasuredLine; of: Quantile } & Axes) => (
  <polyline
    className={styles[of]}
    points={line.curve
      .map((point) => `${x.at(point.ratePerSecond)},${Math.max(area.top, y.at(point[of]))}`)
      .join(' ')}
  />
)

const Waterline = ({ line: { ratePerSecond, interval }, x, area }: { line: MeasuredLine } & Axes) =>
  ratePerSecond === null || interval === null ? null : (
    <>
      <rect
        className="band"
        x={x.at(interval.low)}
        y={area.top}
        width={Math.max(1, x.at(interval.high) - x.at(interval.low))}
        height={area.bottom - area.top}
      />
      <line
        className="waterline"
        x1={x.at(ratePerSecond)}
        x2={x.at(ratePerSecond)}
        y1={area.top}
        y2={area.bottom}
      />
    </>
  )

function Plot({ line, width, labelledBy }: { line: MeasuredLine; width: number; labelledBy: string }) {
  const latencies = latenciesOf(line)
  const area: Area = {
    left: roomAtLeft(latencies, 5, formatMs),
    right: width - 24,
    top: 28,
    bottom: height - 44,
  }
  const x = roundedScale(
    ratesOf(line),
    { from: area.left, to: area.right },
    Math.max(2, Math.floor(width / 110)),
  )
  const y = roundedScale(latencies, { from: area.bottom, to: area.top }, 5)
  const axes = { x, y, area }
  const limit = y.at(line.objective.belowMs)
  return (
    <Drawing {...{ width, height, labelledBy }}>
      <AxisY area={area} scale={y} format={formatMs} title="Latency from the intended time" />
      <AxisX area={area} marks={x.ticks.map((rate) => ({ x: x.at(rate), text: `${rate}/s` }))} />
      <Waterline line={line} {...axes} />
      <line className="margin" x1={area.left} x2={area.right} y1={limit} y2={limit} />
      {quantiles.map((one) => (
        <Curve key={one} line={line} of={one} {...axes} />
      ))}
    </Drawing>
  )
}

/** How latency rises with the rate, and where that crosses the objective. */
export function LatencyFigure({
  line,
  finding,
  file,
}: {
  line: MeasuredLine
  finding: string
  file: string
}) {
  const title = 'Latency by rate'
  return (
    <Figure
      title={title}
      finding={asSentence(finding)}
      legend={<Legend of={legendOf(line)} />}
      data={<Data title={title} table={curveTable(line)} csv={curveCsv(line)} file={file} />}
    >
      {(labelledBy) => <Measured>{(width) => <Plot {...{ line, width, labelledBy }} />}</Measured>}
    </Figure>
  )
}
