import type { Instant } from '../../../kernel/index.ts'
import type { Pair } from './likelihood.ts'
import { type Errors, logErrors, type Metric, newErrors, newMetric, noPair } from './metric.ts'
import { logSumExp } from './ratios.ts'
import { type JudgeSettings, type JudgeSettingsInput, judgeSettings } from './settings.ts'
import type { Blind } from './span.ts'
import { isSplitWrong, noSplit, type Split } from './split.ts'

/** All that the judge knows: plain JSON of a few kilobytes, however long it has watched. */
export type JudgeState = {
  readonly settings: JudgeSettings
  readonly startedAt: Instant
  /** End of the latest span. */
  readonly at: Instant
  readonly errors: Errors | null
  readonly latency: readonly Metric[]
  readonly own: Readonly<Record<string, Metric>>
  /** Own counters that could not be read in the latest span. */
  readonly blind?: Readonly<Record<string, Blind>>
  readonly split: Split
  /** Requests and failures of about the last half minute. */
  readonly recent: Pair
  /** All requests, whether they counted or not. */
  readonly requests: { readonly canary: number; readonly live: number }
  /** Watched with requests on the canary and neither side down. */
  readonly bakedMs: number
  /** Greatest logarithm of E so far, of each metric by its key and of all together as `all`. */
  readonly peaks: Readonly<Record<string, number>>
}

/**
 * A judge who has seen nothing.
 * @param startedAt when the canary began to take requests
 * @throws ZodError when the settings make no sense
 */
export function newJudge(settings: JudgeSettingsInput, startedAt: Instant): JudgeState {
  const checked = judgeSettings.parse(settings)
  const { errors, latency, own } = checked.metrics
  return {
    settings: checked,
    startedAt,
    at: startedAt,
    errors: errors ? newErrors(startedAt) : null,
    latency: latency?.edges.map(() => newMetric(startedAt)) ?? [],
    own: Object.fromEntries(Object.keys(own).map((name) => [name, newMetric(startedAt)])),
    split: noSplit,
    recent: noPair,
    requests: { canary: 0, live: 0 },
    bakedMs: 0,
    peaks: {},
  }
}

export const isSplitRight = ({ split, settings }: JudgeState): boolean =>
  !isSplitWrong(split, settings.split.alpha)

/** A metric as it is judged: its part of the whole, and the logarithm of its E. */
export type Judged = {
  readonly key: string
  readonly part: number
  readonly metric: Metric
  readonly logE: number
}

/** Every metric. The parts sum up to 1. */
export function judgedMetrics(s: JudgeState): readonly Judged[] {
  const { errors, latency, own } = s.settings.metrics
  const ownWeights = Object.values(own).reduce((sum, { weight }) => sum + weight, 0)
  const all = (errors?.weight ?? 0) + (latency?.weight ?? 0) + ownWeights
  const byRequests = (key: string, weight: number, metric: Metric): Judged => ({
    key,
    part: weight / all,
    metric,
    logE: metric.byRequests.wealth,
  })
  return [
    ...(s.errors && errors
      ? [
          {
            key: 'errors',
            part: errors.weight / all,
            metric: s.errors,
            logE: logErrors(s.errors, isSplitRight(s)),
          },
        ]
      : []),
    ...s.latency.map((metric, j) =>
      byRequests(`slower/${latency?.edges[j]?.name}`, (latency?.weight ?? 0) / s.latency.length, metric),
    ),
    ...Object.entries(s.own).map(([name, metric]) =>
      byRequests(`own/${name}`, own[name]?.weight ?? 0, metric),
    ),
  ]
}

/** E over all metrics: the mean of their E, weighted by their parts, as a logarithm. A mean of e-values is one. */
export const logOfAll = (judged: readonly Judged[]): number =>
  logSumExp(judged.map(({ part, logE }) => Math.log(part) + logE))
