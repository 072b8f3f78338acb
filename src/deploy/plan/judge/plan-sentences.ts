import { formatDuration } from '../../../kernel/index.ts'
import type { Detection } from './detection.ts'
import type { CanaryPlan, PlannedStage, PlanRequest } from './plan-canary.ts'
import { percentText, requestsText } from './wording.ts'

function timeText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds))
  return whole < 60 ? `${whole} s` : formatDuration(whole * 1_000)
}

const failsText = (errorRatio: number): string =>
  errorRatio === 1 ? 'always fails' : `fails ${percentText(errorRatio)} of its requests`

const countOf = (failures: number): string => `${failures} failed ${failures === 1 ? 'request' : 'requests'}`

const foundText = ({ errorRatio, seconds, failures }: Detection): string =>
  `one that ${failsText(errorRatio)} is found after about ${timeText(seconds)} and ${countOf(failures)}`

/** `5 % of the requests for 1 m 12 s to 8 m 36 s: a release that … is found after about 30 s and 4 requests failed; …`. */
export function stageSentence(stage: Omit<PlannedStage, 'sentence'>): string {
  const { share, shortestSeconds, longestSeconds, finds } = stage
  const time = `${timeText(shortestSeconds)} to ${timeText(longestSeconds)}`
  const what =
    finds.length === 0 ? 'nothing can be found that fails so little more' : finds.map(foundText).join('; ')
  return `${percentText(share)} of the requests for ${time}: ${what.replace(/^one/, 'a release')}`
}

/** The whole plan in a sentence. */
export function planSentence(plan: Omit<CanaryPlan, 'sentence'>, { find }: PlanRequest): string {
  const stages = plan.stages.map(({ share }) => percentText(share)).join(', ')
  const time = `${timeText(plan.shortestSeconds)} at least`
  const harm =
    plan.harmed === null
      ? `a release that ${failsText(find.errorRatio)} is not found`
      : `a release that ${failsText(find.errorRatio)} harms about ${requestsText(Math.ceil(plan.harmed))} before it is found`
  return `${stages} of the requests, ${time}; ${harm}`
}
