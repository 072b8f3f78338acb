import { seededRandom } from '../../src/kernel/index.ts'
import { numberOption } from '../options.ts'
import { upperBound } from './clopper-pearson.ts'
import { type Fault, faults, isAboutErrors, nearlyFault, noFault } from './faults.ts'
import { drawHour, type Setting } from './minutes.ts'
import { rivals } from './rivals.ts'
import { plannedShare, watchHour } from './watch.ts'

/** When a canary was rolled back, and how many of its requests had failed. */
type Outcome = { readonly seconds: number; readonly failed: number }

const never: Outcome = { seconds: Infinity, failed: Infinity }

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))] ??
  Infinity

const shareText = (share: number): string => `${Number((share * 100).toPrecision(2))} %`
const countText = (value: number): string => (value === Infinity ? '–' : String(value))

/** `30 (4)`: the median of the seconds, and of the failed requests. */
function medians(outcomes: readonly Outcome[]): string {
  const seconds = quantile(
    outcomes.map((o) => o.seconds),
    0.5,
  )
  const failed = quantile(
    outcomes.map((o) => o.failed),
    0.5,
  )
  return seconds === Infinity ? '–' : `${seconds} (${failed})`
}

/** How often the judge looks: each second where failures are asked about, seldomer where it takes long anyway. */
const lookEvery = (fault: Fault, requestsPerSecond: number): number =>
  isAboutErrors(fault) && fault.errors >= 0.05 ? 1 : requestsPerSecond >= 50 ? 5 : 15

function ours(setting: Setting, fault: Fault, every: number, times: number): readonly Outcome[] {
  return Array.from({ length: times }, (_, i) => {
    const { foundAt, failed } = watchHour(setting, fault, every, i + 1)
    return foundAt === undefined ? never : { seconds: foundAt, failed }
  })
}

/** The rivals on the same hours. */
function theirs(setting: Setting, fault: Fault, times: number): readonly (readonly Outcome[])[] {
  const outcomes: Outcome[][] = rivals.map(() => [])
  for (let i = 0; i < times; i++) {
    const hour = drawHour(setting, fault, seededRandom(i + 1).fork('hour'))
    for (const [at, { rule }] of rivals.entries()) {
      const seconds = rule(hour)
      const failed = hour.slice(0, (seconds ?? 0) / 60).reduce((sum, { canary }) => sum + canary.failures, 0)
      outcomes[at]?.push(seconds === undefined ? never : { seconds, failed })
    }
  }
  return outcomes
}

const row = (cells: readonly string[]): string =>
  cells
    .map((cell, i) => (i === 0 ? cell.padEnd(14) : cell.padStart(i < 3 ? 6 : 11)))
    .join(' ')
    .trimEnd()

function tellFinding(requestsPerSecond: number, share: number, fault: Fault, times: number): void {
  const setting = { requestsPerSecond: () => requestsPerSecond, share }
  const found = ours(setting, fault, lookEvery(fault, requestsPerSecond), times)
  const seconds = found.map((o) => o.seconds)
  const cells = [medians(found), countText(quantile(seconds, 0.95))]
  const others = theirs(setting, fault, times).map(medians)
  console.log(row([fault.name, String(requestsPerSecond), shareText(share), ...cells, ...others]))
}

/** A day of an hour: between a fifth and nine fifths of the mean. */
const swinging = (mean: number) => (second: number) =>
  mean * (1 + 0.8 * Math.sin((second / 3_600) * 2 * Math.PI))

function falseText(outcomes: readonly Outcome[]): string {
  const count = outcomes.filter(({ seconds }) => seconds !== Infinity).length
  return `${shareText(count / outcomes.length)} (${shareText(upperBound(count, outcomes.length))})`
}

function tellFalse(requestsPerSecond: number, share: number, times: number): void {
  const setting = { requestsPerSecond: swinging(requestsPerSecond), share }
  const all = [ours(setting, nearlyFault, 30, times), ...theirs(setting, noFault, times)]
  const cells = all.map(falseText).map((cell) => cell.padStart(18))
  console.log(`${String(requestsPerSecond).padStart(10)} ${shareText(share).padStart(6)} ${cells.join('')}`)
}

/** Shares that a canary gets: a twentieth, and what the planner chooses. */
const sharesOf = (rate: number): readonly number[] => [...new Set([0.05, plannedShare(rate)])]
type At = { readonly rate: number; readonly share: number }
const settings: readonly At[] = [50, 5].flatMap((rate) => sharesOf(rate).map((share) => ({ rate, share })))
const names = rivals.map(({ name }) => name)

function tellAllFound(at: readonly At[], times: number, slowTimes: number): void {
  console.log(
    `found within the hour: median seconds (failed requests of the canary); ${times} simulations a row, ${slowTimes} for latency`,
  )
  console.log(row(['fault', 'req/s', 'share', 'plimsoll', 'p95', ...names]))
  for (const { rate, share } of at)
    for (const fault of faults) tellFinding(rate, share, fault, isAboutErrors(fault) ? times : slowTimes)
}

function tellAllFalse(at: readonly At[], times: number): void {
  console.log(
    `rolled back for nothing within an hour of swinging load (at most, 95 %); ${times} simulations a row`,
  )
  console.log(`     req/s  share ${['plimsoll', ...names].map((name) => name.padStart(18)).join('')}`)
  for (const { rate, share } of at) tellFalse(rate, share, times)
}

/**
 * How soon a bad canary is found, with how many failed requests, and how often a good one is rolled back; beside the
 * documented rules of others, on simulated hours. `--found 0` or `--false 0` leaves one out; `--rate 5` and
 * `--percent 35` keep one number of requests a second, or one share.
 */
export async function run(args: readonly string[]): Promise<void> {
  const times = numberOption(args, 'simulations', 20_000)
  const slowTimes = Math.min(times, numberOption(args, 'slow-simulations', 2_000))
  const [rateOnly, percentOnly] = [numberOption(args, 'rate', 0), numberOption(args, 'percent', 0)]
  const at = settings.filter(
    ({ rate, share }) =>
      (rateOnly === 0 || rate === rateOnly) && (percentOnly === 0 || Math.round(share * 100) === percentOnly),
  )
  if (numberOption(args, 'found', 1) > 0) tellAllFound(at, times, slowTimes)
  if (numberOption(args, 'false', 1) > 0) tellAllFalse(at, times)
}
