import type { CompareOptions } from './options.ts'
import type { Round, RoundFigures } from './round.ts'

/** What is compared. `worse` is the direction that a margin guards against; without a margin it is only shown. */
export type Metric = {
  readonly name: 'carries' | 'p50' | 'p99' | 'cpu' | 'memory'
  readonly worse: 'lower' | 'higher'
  readonly read: (figures: RoundFigures) => number | undefined
  readonly margin: (margins: CompareOptions['margins']) => number | null
}

export const carries: Metric = {
  name: 'carries',
  worse: 'lower',
  read: (figures) => figures.carriesPerSecond,
  margin: (margins) => margins.loadLine,
}

export const secondaryMetrics: readonly Metric[] = [
  { name: 'p50', worse: 'higher', read: (figures) => figures.p50Ms, margin: () => null },
  { name: 'p99', worse: 'higher', read: (figures) => figures.p99Ms, margin: (margins) => margins.p99 },
  {
    name: 'cpu',
    worse: 'higher',
    read: (figures) => figures.cpuMicrosPerRequest,
    margin: (margins) => margins.cpu,
  },
  { name: 'memory', worse: 'higher', read: (figures) => figures.peakMemoryBytes, margin: () => null },
]

/** ln(change / base) of each round in which both sides have the figure. */
export function logRatios(metric: Metric, rounds: readonly Round[]): readonly number[] {
  return rounds.flatMap((round) => {
    const base = metric.read(round.base)
    const change = metric.read(round.change)
    return base === undefined || change === undefined ? [] : [Math.log(change / base)]
  })
}

/** A log ratio as a share: −0.06 is 6 % less. */
export const shareOf = (logRatio: number): number => Math.expm1(logRatio)

/** The log ratio at which a metric is worse by exactly its margin. */
export const marginLog = (metric: Metric, margin: number): number =>
  Math.log(metric.worse === 'lower' ? 1 - margin : 1 + margin)
