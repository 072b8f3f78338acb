import { durationText } from '../../../series/index.ts'
import type { Objective } from '../slo/counts.ts'
import { nextStep } from '../slo/next.ts'
import { labelsOf, type Scope } from '../slo/sli.ts'
import { type AlertWindow, neededBadShare } from '../slo/windows.ts'
import { figure } from '../slo/words.ts'
import { unlikely } from './chance.ts'
import {
  type AlertingRule,
  alertName,
  badName,
  burnName,
  expectedName,
  recorded,
  totalName,
} from './names.ts'

type NamedObjective = Objective & { readonly name: string }

/** A long window is known in twelfths: as long as the short one. */
const partsOfWindow = 12

/** What must hold together, each on a line of its own. The first is the value of the alert: its burn. */
function conditions(slo: NamedObjective, window: AlertWindow, scope: Scope): readonly string[] {
  const of = (name: string) => recorded(name, slo.name, scope)
  const { longMs, shortMs, budgetShare, burn } = window
  const [bad, total] = [of(badName(longMs)), of(totalName(longMs))]
  const budget = figure(1 - slo.objective)
  const short = `[${durationText(longMs)}:${durationText(shortMs)}]`
  const { bad: fewest, chance, coverage } = slo.lowTraffic
  return [
    `${of(burnName(longMs))} > ${figure(burn)}`,
    `${of(burnName(shortMs))} > ${figure(burn)}`,
    `count_over_time(${of(totalName(shortMs))}${short}) >= ${figure(coverage * partsOfWindow)}`,
    `${bad} >= ${figure(budgetShare)} * ${budget} * ${of(expectedName)}`,
    `${bad} >= ${fewest}`,
    ...[unlikely(bad, total, neededBadShare(window, slo.objective), chance)].filter(
      (one) => one !== undefined,
    ),
  ]
}

const isPaging = Object.entries({ alertname: alertName, alertstate: 'firing', severity: 'page' }).map(
  ([label, value]) => ({ label, is: '=', value }) as const,
)

/** A page says the same already. */
const unlessPaged = (slo: NamedObjective, scope: Scope): string =>
  `unless on (${Object.keys(labelsOf(slo.name, scope)).join(', ')})\n${recorded('ALERTS', slo.name, scope, ...isPaging)}`

const spent = ({ budgetShare, longMs }: AlertWindow, periodMs: number): string =>
  `${figure(budgetShare * 100)} % of the budget of ${durationText(periodMs)} may be gone within ${durationText(longMs)}`

/** The rule of one alert of an SLO. */
export function alertRule(slo: NamedObjective, window: AlertWindow, scope: Scope): AlertingRule {
  const { severity, longMs } = window
  const holds = conditions(slo, window, scope).join('\nand\n')
  const { service, environment } = scope
  return {
    alert: alertName,
    expr: severity === 'page' ? holds : `(\n${holds}\n)\n${unlessPaged(slo, scope)}`,
    labels: { ...labelsOf(slo.name, scope), severity, window: durationText(longMs) },
    annotations: {
      summary: `${service} in ${environment} spends its ${slo.name} budget too fast`,
      description: `It burns {{ $value | humanize }} times as fast as it may: ${spent(window, slo.window)}.`,
      next_step: nextStep(severity, environment),
    },
  }
}
