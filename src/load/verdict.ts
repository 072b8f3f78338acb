import { commonest } from './commonest.ts'
import type { EngineEnd } from './engine/engine.ts'
import type { GeneratorHealth } from './generator-health.ts'
import { formatValue, judgeValues, type Threshold, type ThresholdVerdict } from './plan/thresholds.ts'
import type { LoadResult } from './result.ts'

type Said = Pick<LoadResult, 'verdict' | 'reasons'>

/**
 * Whether a missed threshold stands though the generator was late, or paused for `addsMs` in all: lateness explains
 * neither errors nor what was missed from the real send, too, and pauses no more than their own length.
 */
function stands(
  { threshold, is }: ThresholdVerdict,
  addsMs: number,
  fromSend: (threshold: Threshold) => ThresholdVerdict,
): boolean {
  const { metric } = threshold
  if (is !== 'missed' || metric.is === 'rate' || metric.of === 'lag') return false
  if (metric.of !== 'response' && metric.of !== 'service') return addsMs === 0
  const { value } = fromSend(threshold)
  return value !== undefined && judgeValues(threshold, [value - addsMs]).is === 'missed'
}

const nothingScheduled = 'nothing was scheduled in the measured time'
const mostErrors = 5

const textOf = ({ threshold: { text, metric }, value }: ThresholdVerdict, because: string): string =>
  `${text} was missed: ${value === undefined ? 'nothing' : formatValue(metric, value)}${'of' in metric && metric.of === 'errors' ? because : ''}`

const thrownBy = ({ tally }: EngineEnd): LoadResult['reasons'] =>
  commonest(tally.scenarioErrors)
    .slice(0, mostErrors)
    .map(({ because, count }) => ({ text: `the scenario failed ${count} times: ${because}` }))

const inconclusive = (...reasons: LoadResult['reasons']): Said => ({ verdict: 'inconclusive', reasons })

/**
 * A generator that could not keep up proves nothing, unless its lateness has no part in what was found: no request at
 * all was answered, a scenario threw, or a missed threshold stands all the same. Otherwise every threshold must be met.
 * @param fromSend judges a threshold by the service time
 */
export function conclude(
  verdicts: readonly ThresholdVerdict[],
  { said: generator, addsMs }: GeneratorHealth,
  end: EngineEnd,
  fromSend: (threshold: Threshold) => ThresholdVerdict,
): Said {
  const { counts, failures } = end.tally
  const thrown = thrownBy(end)
  if (counts.scheduled === 0) return inconclusive({ text: nothingScheduled }, ...thrown)
  const why = commonest(failures)[0]
  const because = why ? `; most often: ${why.because} (${why.count} times)` : ''
  const reasons = verdicts
    .filter(({ is }) => is === 'missed')
    .map((verdict): LoadResult['reasons'][number] => ({ text: textOf(verdict, because) }))
  const silent = counts.answered === 0 && generator.outOfSockets === 0
  const isFound =
    silent ||
    (thrown.length > 0 && addsMs === 0) ||
    verdicts.some((verdict) => stands(verdict, addsMs, fromSend))
  if (generator.is === 'saturated' && !isFound)
    return inconclusive(
      ...generator.reasons.map((text) => ({
        text: `the generator, not your service: ${text}`,
        next: 'lower the rate, or make the load from a machine with more free cores',
      })),
      ...reasons,
      ...thrown,
    )
  if (silent && reasons.length === 0) reasons.push({ text: `no request was answered${because}` })
  reasons.push(...thrown)
  if (reasons.length > 0) return { verdict: 'fail', reasons }
  const unknown = verdicts.filter(({ is }) => is === 'unknown')
  if (unknown.length > 0)
    return inconclusive(
      ...unknown.map(({ threshold: { text } }) => ({ text: `${text}: nothing was counted for it` })),
    )
  if (end.stoppedEarly !== undefined)
    return inconclusive({ text: `it ended before its time: ${end.stoppedEarly}` })
  return { verdict: 'pass', reasons: [] }
}
