import type { CanaryPlanView, DeploymentView, JudgeView } from '../../contract/index.ts'
import { type DeploymentState, heldText } from '../../deploy/index.ts'

type Judgement = NonNullable<DeploymentState['judgement']>

const metricView = ({
  key,
  title,
  canary,
  live,
  ratio,
  p,
  problem,
}: Judgement['metrics'][number]): JudgeView['metrics'][number] => ({
  ...{ key, title, canary, live, ratio, p },
  ...(problem === undefined ? {} : { problem }),
})

const judgeView = (
  { is, sentence, p, alpha, requests, bakedMs, split, metrics }: Judgement,
  watch: DeploymentState['watch'],
): JudgeView => ({
  is,
  sentence,
  p,
  alpha,
  requests,
  watchedMs: bakedMs,
  split: { asked: split.asked, seen: split.seen },
  metrics: metrics.map(metricView),
  notes: Object.entries(watch?.counters?.notes ?? {}).map(([instance, note]) => `${instance}: ${note}`),
})

export const planView = ({
  sentence,
  stages,
  shortestSeconds,
  harmed,
}: NonNullable<DeploymentState['plan']>): CanaryPlanView => ({
  sentence,
  stages: stages.map(({ share, sentence: found }) => ({ share, sentence: found })),
  shortestMs: shortestSeconds * 1_000,
  harmed: harmed === null ? null : Math.ceil(harmed),
})

/** What a canary adds to the page of its deployment. */
export function canaryParts(
  state: DeploymentState,
): Pick<DeploymentView, 'plan' | 'judge' | 'held' | 'letOn'> {
  const { plan, judgement, watch, heldSince, heldFor, letOn, service, environment } = state
  return {
    ...(plan && {
      plan: planView(plan),
    }),
    ...(judgement && { judge: judgeView(judgement, watch) }),
    ...(heldSince !== undefined &&
      state.phase === 'moving' && {
        held: {
          label: 'Let it go on',
          effect: `the new release takes all requests of ${environment}, though ${heldFor ?? 'the judge could not tell'}`,
          command: `plimsoll continue ${service} ${environment} --reason "…"`,
          ...(heldFor === undefined ? {} : { because: heldText(state) }),
        },
      }),
    ...(letOn && { letOn }),
  }
}
