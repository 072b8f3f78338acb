import { durationText, type Matcher, select, series, toPromql } from '../../../series/index.ts'
import { labelsOf, type Scope } from '../slo/sli.ts'

export type RecordingRule = {
  readonly record: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
}

export type AlertingRule = {
  readonly alert: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** As Prometheus has them. Rules of a group are evaluated in order, and see what those before have recorded. */
export type RuleGroup = {
  readonly name: string
  readonly interval?: string
  readonly rules: readonly (RecordingRule | AlertingRule)[]
}

export const alertName = 'ErrorBudgetBurns'
export const badName = (windowMs: number): string => `plimsoll:slo_bad:increase${durationText(windowMs)}`
export const totalName = (windowMs: number): string => `plimsoll:slo_total:increase${durationText(windowMs)}`
export const burnName = (windowMs: number): string => `plimsoll:slo_burn:ratio${durationText(windowMs)}`
export const expectedName = 'plimsoll:slo_events:expected'
export const budgetName = 'plimsoll:slo_budget_left:ratio'

/** What was recorded about one SLO, as a selector. */
export const recorded = (name: string, slo: string, scope: Scope, ...more: readonly Matcher[]): string =>
  toPromql(select(series(name, labelsOf(slo, scope), ...more)))
