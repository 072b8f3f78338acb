import type { Severity } from './windows.ts'

/** What whoever is told does first. */
export const nextStep = (severity: Severity, environment: string): string =>
  severity === 'page'
    ? `look at what changed since it was well; if it was a release, plimsoll rollback ${environment} takes it back`
    : 'find out this week what spends the budget, before it becomes a page'
