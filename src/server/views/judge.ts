import type { DeploymentView, JudgeView } from '../../contract/index.ts'
import type { DeploymentState } from '../../deploy/index.ts'

type Judgement = NonNullable<DeploymentState['judgement']>

const metricView = ({
  key,
  title,
  canary,
  live,
  ratio,
  p,
}: Judgement['metrics'][number]): JudgeView['metrics'][number] => ({ key, title, canary, live, ratio, p })

const judgeView = ({ is, sentence, p, alpha, requests, bakedMs, split, metrics }: Judgement): JudgeView => ({
  is,
  sentence,
  p,
  alpha,
  requests,
  watchedMs: bakedMs,
  split: { asked: split.asked, seen: split.seen },
  metrics: metrics.map(metricView),
})

/** What a canary adds to the page of its deployment. */
export function canaryParts(
  state: DeploymentState,
): Pick<DeploymentView, 'plan' | 'judge' | 'held' | 'letOn'> {
  const { plan, judgement, heldSince, letOn, service, environment } = state
  return {
    ...(plan && {
      plan: {
        sentence: plan.sentence,
        stages: plan.stages.map(({ share, sentence }) => ({ share, sentence })),
      },
    }),
    ...(judgement && { judge: judgeView(judgement) }),
    ...(heldSince !== undefined &&
      state.phase === 'moving' && {
        held: {
          label: 'Let it go on',
          effect: `the new release takes all requests of ${environment}, though the judge could not tell`,
          command: `plimsoll continue ${service} ${environment} --reason "…"`,
        },
      }),
    ...(letOn && { letOn }),
  }
}
