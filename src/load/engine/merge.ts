import { mergeCounts } from '../../kernel/index.ts'
import {
  type Check,
  type Counted,
  type Counts,
  noCounts,
  type SecondTally,
  type UserCounts,
  type WorkerTally,
} from './tally.ts'

const sumInto = (into: Record<string, number>, key: string, count: number): void => {
  into[key] = (into[key] ?? 0) + count
}

export function sumCounts(all: readonly Counts[]): Counts {
  const sum = noCounts()
  for (const counts of all) for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += counts[key]
  return sum
}

export const sumChecks = (all: readonly Check[]): Check => ({
  passed: all.reduce((sum, { passed }) => sum + passed, 0),
  failed: all.reduce((sum, { failed }) => sum + failed, 0),
})

function byName<T>(all: readonly (readonly [string, T])[]): Map<string, T[]> {
  const names = new Map<string, T[]>()
  for (const [name, one] of all) names.set(name, [...(names.get(name) ?? []), one])
  return names
}

const mergeCounted = (all: readonly Counted[]): Counted => ({
  counts: sumCounts(all.map(({ counts }) => counts)),
  response: mergeCounts(all.map(({ response }) => response)),
  service: mergeCounts(all.map(({ service }) => service)),
  sendLag: mergeCounts(all.map(({ sendLag }) => sendLag)),
})

/** What is known of a part of a run, by the name of the request or of the check. */
export type Part = Counted & { readonly checks: Check }
export type Parts = ReadonlyMap<string, Part>

/** Several parts of one name, or of several. */
export const mergePart = (all: readonly Part[]): Part => ({
  ...mergeCounted(all),
  checks: sumChecks(all.map(({ checks }) => checks)),
})

/** Several seconds, or one second of several workers, together. */
export const mergeParts = (all: readonly Parts[]): Parts =>
  new Map([...byName(all.flatMap((parts) => [...parts]))].map(([name, parts]) => [name, mergePart(parts)]))

/** All names of a part together. */
export const wholeOf = (parts: Parts): Part => mergePart([...parts.values()])

/** One name of a part, or all of them together. */
export const partOf = (parts: Parts, name: string | undefined): Part => {
  const own = name === undefined ? [...parts.values()] : [parts.get(name)].filter((one) => one !== undefined)
  return mergePart(own)
}

const noChecks: Check = { passed: 0, failed: 0 }

/** A second by names; a check has no requests. */
export function partsOf({ names, checks }: SecondTally): Parts {
  const requests = new Map(names.map(([name, counted]) => [name, { ...counted, checks: noChecks }]))
  const checked = new Map(checks.map(([name, check]) => [name, { ...mergeCounted([]), checks: check }]))
  return mergeParts([requests, checked])
}

const sumRecords = (all: readonly (readonly (readonly [string, number])[])[]): Record<string, number> => {
  const sums: Record<string, number> = {}
  for (const [key, count] of all.flat()) sumInto(sums, key, count)
  return sums
}

/** What all workers counted together. */
export type WholeTally = Counted & {
  readonly names: ReadonlyMap<string, Counted>
  readonly statuses: Readonly<Record<string, number>>
  readonly failures: Readonly<Record<string, number>>
  readonly checks: ReadonlyMap<string, Check>
  readonly users: UserCounts
  readonly scenarioErrors: Readonly<Record<string, number>>
  readonly warmUp: { readonly sent: number; readonly answered: number }
  readonly bytes: { readonly sent: number; readonly received: number }
}

export function mergeTallies(all: readonly WorkerTally[]): WholeTally {
  const names = new Map(
    [...byName(all.flatMap((tally) => tally.names))].map(([name, counted]) => [name, mergeCounted(counted)]),
  )
  const checks = new Map(
    [...byName(all.flatMap((tally) => tally.checks))].map(([what, some]) => [what, sumChecks(some)]),
  )
  const sum = (of: (tally: WorkerTally) => number) => all.reduce((total, tally) => total + of(tally), 0)
  return {
    ...mergeCounted([...names.values()]),
    names,
    checks,
    statuses: sumRecords(all.map(({ statuses }) => statuses)),
    failures: sumRecords(all.map(({ failures }) => failures)),
    users: {
      passed: sum(({ users }) => users.passed),
      failed: sum(({ users }) => users.failed),
      unfinished: sum(({ users }) => users.unfinished),
    },
    scenarioErrors: sumRecords(all.map(({ scenarioErrors }) => scenarioErrors)),
    warmUp: { sent: sum(({ warmUp }) => warmUp.sent), answered: sum(({ warmUp }) => warmUp.answered) },
    bytes: { sent: sum(({ bytes }) => bytes.sent), received: sum(({ bytes }) => bytes.received) },
  }
}
