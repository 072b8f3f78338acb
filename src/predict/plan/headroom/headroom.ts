import { formatDuration, limitsText, type Reason } from '../../../kernel/index.ts'
import type { Measured } from './lines.ts'
import { hourMs, type Load } from './load.ts'
import type { WholeLine } from './scale.ts'
import { isOtherSize, type Scaling, type SizeWanted, wholeLine } from './whole.ts'

/** What is asked: how far the load of an environment stays below what a release carries there. */
export type HeadroomQuestion = {
  readonly environment: string
  /** The release by its short name, and whether it runs there already. */
  readonly release: string
  readonly isLive: boolean
  readonly instances: number
  readonly load: Load
  readonly measured: Measured
  /** Environments in step with this one that have load tests. */
  readonly measuredIn: readonly string[]
  /** Environment in step → why it carries in proportion to its instances. */
  readonly scales: Scaling['scales']
  /** Environment in step → why a larger instance carries in proportion. */
  readonly scalesBySize?: Scaling['scalesBySize']
  /** Of what size they are; nobody knows it when not given. */
  readonly size?: SizeWanted | undefined
  /** Of so much something must be known, in milliseconds. */
  readonly historyMs: number
}

/** Shares of the load line, with what they may be at least and at most. */
export type Share = { readonly low: number; readonly at: number; readonly high: number }

/** What is known of it. Without `used`, `lacks` says why. */
export type Headroom = {
  readonly load: Load
  readonly line?: WholeLine
  /** The busiest hour as a share of the load line. */
  readonly used?: Share
  /** What keeps the answer from being whole: with `used`, there may have been busier hours than are known. */
  readonly lacks: readonly Reason[]
}

function lineLacks({ environment, release, isLive, measured, measuredIn }: HeadroomQuestion): Reason {
  const [place] = measuredIn
  const text =
    measured.because === undefined
      ? `no load line of ${release} was measured in step with ${environment}`
      : `no load line of ${release} counts for ${environment}: ${measured.because}`
  const next =
    place === undefined
      ? `an environment with inStepWith: '${environment}' and loadTest: { … } measures it`
      : `plimsoll load test ${place}${isLive ? '' : ` --release ${release}`}`
  return { text, next }
}

/** Of other instances than there are, by their number or by their size. */
function lineUntold(because: string, { measured, size, measuredIn }: HeadroomQuestion): Reason {
  const [place = 'perf'] = measuredIn
  const next =
    size && isOtherSize(measured.lines, size)
      ? `measure it with instances of ${limitsText(size.limits)}, or say why a larger one carries in proportion: environments.${place}.scalesBySize`
      : `measure it with another number of instances (plimsoll load test ${place} --instances N), or say why it carries in proportion: environments.${place}.scales`
  return { text: because, next }
}

/** Whole hours that are known, and of how much of the four weeks. */
export const knownText = ({ known, sought }: Load): string =>
  known >= sought - 1
    ? 'of all of the last 28 days'
    : `of ${formatDuration(known * hourMs)} of the last 28 days`

function loadLacks({ load, historyMs }: HeadroomQuestion): readonly Reason[] {
  const { known, busiest } = load
  if (!busiest)
    return [{ text: 'nothing is known of its requests yet', next: 'wait until some have been answered' }]
  if (known * hourMs >= historyMs) return []
  return [
    {
      text: `its requests are known ${knownText(load)}, and a busiest hour is told by ${formatDuration(historyMs)}`,
      numbers: { knownHours: known, wantedHours: historyMs / hourMs },
      next: `wait for ${formatDuration(historyMs - known * hourMs)}, or waive it`,
    },
  ]
}

const shareOf = (rate: number, { low, at, high }: WholeLine): Share => ({
  low: rate / high,
  at: rate / at,
  high: low > 0 ? rate / low : Number.POSITIVE_INFINITY,
})

/** How far the busiest hour stayed below what a release carries. */
export function headroomOf(question: HeadroomQuestion): Headroom {
  const { load, measured, instances, size, scales, scalesBySize } = question
  const lacks = loadLacks(question)
  if (measured.lines.length === 0) return { load, lacks: [lineLacks(question), ...lacks] }
  const line = wholeLine(measured.lines, { instances, size }, { scales, scalesBySize })
  if ('because' in line) return { load, lacks: [lineUntold(line.because, question), ...lacks] }
  const used = load.busiest && shareOf(load.busiest.ratePerSecond, line)
  return { load, line, ...(used ? { used } : {}), lacks }
}

export type Standing = 'enough' | 'short' | 'unknown'

/**
 * Whether at least a share of the load line is left. What the interval of the line leaves open is unknown; hours that
 * nobody knows can only have been busier.
 */
export function standingOf({ used, lacks }: Headroom, below: number): Standing {
  if (!used) return 'unknown'
  if (1 - used.low < below) return 'short'
  return lacks.length === 0 && 1 - used.high >= below ? 'enough' : 'unknown'
}
