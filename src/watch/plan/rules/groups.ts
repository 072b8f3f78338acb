import { durationText } from '../../../series/index.ts'
import type { Objective } from '../slo/counts.ts'
import { type Indicator, labelsOf, promqlOf, type Scope, sliOf } from '../slo/sli.ts'
import { alertWindows, canFire } from '../slo/windows.ts'
import { figure } from '../slo/words.ts'
import { alertRule } from './alert.ts'
import {
  badName,
  budgetName,
  burnName,
  expectedName,
  type RecordingRule,
  type RuleGroup,
  recorded,
  totalName,
} from './names.ts'

export type ExportedSlo = Objective & Indicator & { readonly name: string }

const hourMs = 3_600_000
const fiveMinutesMs = 300_000

/** Every window that an alert of it looks at, shortest first. */
const windowsOf = (periodMs: number): readonly number[] => {
  const all = alertWindows(periodMs).flatMap(({ longMs, shortMs }) => [longMs, shortMs])
  return [...new Set(all)].sort((a, b) => a - b)
}

/**
 * Events that the period will have: those of a usual hour of it, as many times as it has hours. So what is known of a part
 * of the period stands for all of it; in the first hour of all, what is known of that hour.
 */
function expected(slo: ExportedSlo, scope: Scope): string {
  const [hour, short] = [hourMs, fiveMinutesMs].map((ms) => recorded(totalName(ms), slo.name, scope))
  const usual = `avg_over_time(${hour}[${durationText(slo.window)}:1h])`
  const first = `${hour} / count_over_time(${short}[1h:5m]) * 12`
  return `(${usual} or ${first} or ${hour}) * ${slo.window / hourMs}`
}

/** The alerts of an SLO in one environment, and what they are judged by. */
function alertsGroup(slo: ExportedSlo, scope: Scope): RuleGroup {
  const sli = sliOf(slo, scope)
  const labels = labelsOf(slo.name, scope)
  const of = (name: string) => recorded(name, slo.name, scope)
  const counts: RecordingRule[] = windowsOf(slo.window).flatMap((windowMs) => {
    const { bad, total } = promqlOf(sli, windowMs)
    const share = `${of(badName(windowMs))} / ${of(totalName(windowMs))}`
    return [
      { record: badName(windowMs), expr: bad, labels },
      { record: totalName(windowMs), expr: total, labels },
      { record: burnName(windowMs), expr: `${share} / ${figure(1 - slo.objective)}`, labels },
    ]
  })
  const alerts = alertWindows(slo.window)
    .filter((window) => canFire(window, slo.objective))
    .map((window) => alertRule(slo, window, scope))
  return {
    name: `plimsoll-slo-${scope.service}-${scope.environment}-${slo.name}`,
    rules: [...counts, { record: expectedName, expr: expected(slo, scope), labels }, ...alerts],
  }
}

/** What is left of the budget, for dashboards: counted every five minutes, since it looks at the whole period. */
function budgetGroup(slo: ExportedSlo, scope: Scope): RuleGroup {
  const of = (name: string) => recorded(name, slo.name, scope)
  const bad = `sum_over_time(${of(badName(fiveMinutesMs))}[${durationText(slo.window)}:5m])`
  const budget = `(${figure(1 - slo.objective)} * ${of(expectedName)})`
  return {
    name: `plimsoll-slo-budget-${scope.service}-${scope.environment}-${slo.name}`,
    interval: '5m',
    rules: [{ record: budgetName, expr: `1 - ${bad} / ${budget}`, labels: labelsOf(slo.name, scope) }],
  }
}

/** Recording and alerting rules for Prometheus that judge an SLO as Plimsoll does. */
export const ruleGroups = (slo: ExportedSlo, scope: Scope): readonly RuleGroup[] => [
  alertsGroup(slo, scope),
  budgetGroup(slo, scope),
]
