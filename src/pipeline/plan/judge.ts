import type { JobPlan } from './plan.ts'
import type { Outcome } from './state.ts'
import type { CollectedEnd, TestSummary } from './work.ts'

/** `2 of 48 tests`: skipped ones did not run and are not counted. */
export const failedOfTests = (tests: TestSummary): string => {
  const ran = tests.passed + tests.failed
  return `${tests.failed} of ${ran} test${ran === 1 ? '' : 's'}`
}

/** Steps said yes: what the reports and the outputs say to that. */
function judgePassed(collected: CollectedEnd, plan: JobPlan): Outcome {
  const { tests, reportProblems, missing } = collected
  if (tests && tests.failed > 0) return { standing: 'failed', because: `${failedOfTests(tests)} failed` }
  if (reportProblems.length > 0) return { standing: 'inconclusive', because: reportProblems.join('; ') }
  if (plan.junit !== undefined && (tests?.passed ?? 0) === 0)
    return { standing: 'inconclusive', because: `no test ran, says ${plan.junit}` }
  if (missing.length > 0)
    return { standing: 'failed', because: `its outputs ${missing.join(' and ')} are not there` }
  return { standing: 'passed' }
}

/**
 * The verdict of a job from its steps and from what was collected, or from why nothing was.
 * Green means measured: steps that end well prove nothing when the reports do not say so.
 */
export function judgeJob(
  steps: Outcome = { standing: 'inconclusive' },
  collected: CollectedEnd | string,
  plan: JobPlan,
): Outcome {
  if (typeof collected === 'string') {
    const because = `its results could not be collected: ${collected}`
    return steps.standing === 'passed' ? { standing: 'inconclusive', because } : steps
  }
  if (steps.standing === 'passed') return judgePassed(collected, plan)
  const { tests } = collected
  if (!tests || tests.failed === 0) return steps
  return { ...steps, because: `${failedOfTests(tests)} failed; ${steps.because ?? 'its steps did not pass'}` }
}
