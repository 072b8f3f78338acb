import type { LoadTestPlan } from '../contract/index.ts'
import { formatDuration } from '../kernel/index.ts'
import type { Screen } from './command.ts'
import { mark } from './marks.ts'

const costLine = ({ budgetMs, cost }: LoadTestPlan): string | undefined =>
  budgetMs === undefined
    ? undefined
    : `searching takes ${formatDuration(budgetMs)} at most${cost === undefined ? '' : `: ${cost} for its instances`}`

/** What a load test would do: what is started, instead of what, how its line is searched, and what speaks against it. */
export function renderLoadTestPlan(plan: LoadTestPlan, screen: Screen): string {
  const { service, environment, starts, builds, instead, steps, search, notes, reasons } = plan
  const name = builds === undefined ? starts?.release.short : `what the pipeline builds of ${builds}`
  const isOther = builds !== undefined || (instead && starts && instead.text !== starts.text)
  const comesBack = isOther || instead?.release.digest !== starts?.release.digest
  const lines = [
    starts ? `${name} would be measured in ${environment} of ${service}: ${starts.text}` : undefined,
    instead && comesBack ? `  ${instead.release.short} comes back: ${instead.text}` : undefined,
    search === undefined ? undefined : `  its load line is searched ${search}`,
    costLine(plan) && `  ${costLine(plan)}`,
    steps.length === 0 ? undefined : `  ${steps.join('; ')}`,
    ...notes.map((note) => `  ${note}`),
    ...reasons.map(
      ({ text, next }) => `${mark('failed', screen)}  ${text}${next === undefined ? '' : `: ${next}`}`,
    ),
  ]
  return `${lines.filter((line) => line !== undefined).join('\n')}\n`
}
