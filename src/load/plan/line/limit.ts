import type { LineLimit } from './result.ts'
import type { LineState } from './state.ts'
import type { LineTrial } from './trial.ts'

const busy = 0.9

const percent = (share: number): string => `${Math.round(share * 100)} %`

/** The failed trial nearest above the line: there, what gives way first is seen best. */
function firstFailure(trials: readonly LineTrial[]): LineTrial | undefined {
  return trials
    .filter(({ verdict }) => verdict === 'fail')
    .sort((a, b) => a.ratePerSecond - b.ratePerSecond)[0]
}

/** What stood in the way of more; null when nothing failed. */
export function limitOf({ phase, trials, generatorReasons, plan }: LineState): LineLimit | null {
  if (phase.is === 'ended' && phase.because === 'generator')
    return { by: 'generator', text: `The generator, not your service: ${generatorReasons.join('; ')}.` }
  const trial = firstFailure(trials)
  if (!trial) return null
  const at = `at ${Math.round(trial.ratePerSecond)} requests/s`
  const { cpuShare, busiestThreadShare, program, errors, bad } = trial
  if (cpuShare !== null && cpuShare >= busy)
    return {
      by: 'cpu',
      text: `${program ?? 'It'} used ${percent(cpuShare)} of the CPU that it may use ${at}.`,
    }
  if (busiestThreadShare !== null && busiestThreadShare >= busy) {
    const text = `One thread of ${program ?? 'it'} was busy ${percent(busiestThreadShare)} of the time ${at}; more cores would not help.`
    return { by: 'thread', text }
  }
  if (bad > 0 && errors / bad >= 0.5)
    return { by: 'errors', text: `${percent(errors / trial.scheduled)} of its requests failed ${at}.` }
  return {
    by: 'latency',
    text: `${percent(trial.badShare)} of its requests took longer than ${plan.goal.belowMs} ms ${at}.`,
  }
}
