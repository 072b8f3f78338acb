import type { LedgerView } from '../../src/contract/index.ts'
import { formatDuration } from '../../src/kernel/index.ts'
import type { LoadLedger } from '../../test/support/load-client.ts'
import type { Outcome } from './attempt.ts'

const isHarmless = ({ release }: Outcome): boolean => release.by.includes('passed')

/** It ended as it should: a harmless one passed, a faulty one was ended by what is there for its fault. */
export const isAsWanted = ({ release, endings }: Outcome): boolean =>
  endings.some((ending) => release.by.includes(ending)) && !endings.includes('inconclusive')

/** An instance that dies takes what it works on with it, and what may not be asked twice is lost then. */
const excused = ({ release, lostByCanary }: Outcome): number => (release.dies ? lostByCanary : 0)

const columns = [46, 26, 9, 9, 8, 7, 6] as const
const row = (cells: readonly string[]): string =>
  cells
    .map((cell, i) => (i < 2 ? cell.padEnd(columns[i] ?? 0) : cell.padStart(columns[i] ?? 0)))
    .join(' ')
    .trimEnd()

export const heading = `  ${row(['release', 'ended by', 'after', 'requests', 'failed', 'slow', 'lost'])}`

export function outcomeRow(outcome: Outcome): string {
  const { release, endings, tookMs, harm, lost } = outcome
  const cells = [
    release.name,
    endings.join(' + '),
    tookMs === undefined ? '–' : `${(tookMs / 1_000).toFixed(1)} s`,
    ...[harm.answered, harm.failed, harm.slow, lost].map(String),
  ]
  const why = endings.includes('passed') ? '' : `\n    ${outcome.text}`
  return `${isAsWanted(outcome) ? '✓' : '✗'} ${row(cells)}${why}`
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
const countOf = (n: number): string => n.toLocaleString('en-GB')

/** What clients and gateways of all services counted. */
export type Counted = {
  readonly clients: readonly (LoadLedger & { readonly byGateway: number })[]
  readonly gateways: readonly LedgerView[]
}

/** Prints the totals. @returns whether they are as they have to be */
export function tellTotals(
  outcomes: readonly Outcome[],
  { clients, gateways }: Counted,
  tookMs: number,
): boolean {
  const faulty = outcomes.filter((one) => !isHarmless(one))
  const harmless = outcomes.filter(isHarmless)
  const caught = faulty.filter(({ endings }) => !endings.includes('passed')).length
  const byRight = faulty.filter(isAsWanted).length
  const back = harmless.filter((one) => !isAsWanted(one)).length
  const sent = sum(clients.map((one) => one.sent))
  const unanswered = sum(clients.map(({ lost }) => sum(Object.values(lost))))
  const byGateway = sum(clients.map((one) => one.byGateway))
  const lost = sum(gateways.map((one) => one.lost))
  const died = sum(outcomes.map(excused))
  console.log(
    `${caught} of ${faulty.length} faulty caught, ${byRight} by what is there for their fault; ${back} of ${harmless.length} harmless rolled back, in ${formatDuration(tookMs)}`,
  )
  console.log(
    `harmed by the faulty ones: ${countOf(sum(faulty.map(({ harm }) => harm.failed)))} failed and ${countOf(sum(faulty.map(({ harm }) => harm.slow)))} slow`,
  )
  console.log(
    `clients: ${countOf(sent)} requests, ${unanswered} without an answer, ${byGateway} answered by the gateway for want of one of the service's`,
  )
  console.log(
    `gateways: ${countOf(sum(gateways.map((one) => one.accepted)))} accepted, ${countOf(sum(gateways.map((one) => one.answered)))} answered, ${lost} lost: ${died} with a canary that died of its own, ${lost - died} otherwise`,
  )
  return byRight === faulty.length && back === 0 && lost === died && unanswered + byGateway === lost
}
