import { isWorse } from './mann-whitney.ts'
import type { Figures, Minute } from './minutes.ts'

/** Seconds after which a rule rolls the canary back; undefined when it does not within the hour. */
type Rule = (hour: readonly Minute[]) => number | undefined

export type Rival = { readonly name: string; readonly rule: Rule }

const failsMoreThan = ({ requests, failures }: Figures, share: number): boolean =>
  requests > 0 && failures > share * requests

/** A success rate below 99 % or a p99 above 500 ms: the documented metrics of Flagger's analysis. */
const isBeyond = ({ canary }: Minute): boolean => failsMoreThan(canary, 0.01) || canary.p99Ms > 500

/**
 * Flagger checks each minute and counts the checks that fail; when they have reached the threshold it goes back at the
 * check after. https://docs.flagger.app/usage/metrics, https://docs.flagger.app/usage/how-it-works
 */
const flagger =
  (threshold: number): Rule =>
  (hour) => {
    let failed = 0
    for (const [at, minute] of hour.entries()) {
      if (failed >= threshold) return (at + 1) * 60
      if (isBeyond(minute)) failed++
    }
    return undefined
  }

/**
 * Argo Rollouts' documented template `success-rate`: every five minutes, at least 95 %, fails after more than three
 * that are less. https://argoproj.github.io/argo-rollouts/features/analysis/ (the mean of five minutes, where the
 * template takes what the last two samples say)
 */
const argo: Rule = (hour) => {
  let failed = 0
  for (let end = 5; end <= hour.length; end += 5) {
    const five = hour.slice(end - 5, end).map(({ canary }) => canary)
    const sum = (of: (figures: Figures) => number) => five.reduce((total, each) => total + of(each), 0)
    if (sum((f) => f.failures) > 0.05 * sum((f) => f.requests)) failed++
    if (failed > 3) return end * 60
  }
  return undefined
}

/**
 * A CloudWatch alarm on two periods of a minute in a row, beyond the same limits; a minute's metrics are there a minute
 * later. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
const ecs: Rule = (hour) => {
  const at = hour.findIndex((minute, i) => i > 0 && isBeyond(minute) && isBeyond(hour[i - 1] as Minute))
  return at < 0 || at + 2 > hour.length ? undefined : (at + 2) * 60
}

const errorRatio = ({ requests, failures }: Figures): number => (requests === 0 ? 0 : failures / requests)

/**
 * Kayenta's judge: Mann–Whitney at 98 % on at least 50 points, canary against a control of its own size.
 * https://spinnaker.io/docs/guides/user/canary/judge/, …/best-practices/
 */
const kayenta: Rule = (hour) => {
  const points = hour.slice(0, 50)
  const of = (metric: (figures: Figures) => number) =>
    isWorse(
      points.map(({ canary }) => metric(canary)),
      points.map(({ control }) => metric(control)),
    )
  return of(errorRatio) || of(({ p99Ms }) => p99Ms) ? 3_000 : undefined
}

export const rivals: readonly Rival[] = [
  { name: 'Flagger 1', rule: flagger(1) },
  { name: 'Flagger 10', rule: flagger(10) },
  { name: 'Argo', rule: argo },
  { name: 'ECS alarm', rule: ecs },
  { name: 'Kayenta', rule: kayenta },
]
