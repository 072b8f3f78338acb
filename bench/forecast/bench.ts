import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { numberOption } from '../options.ts'
import { naive2 } from './benchmarks.ts'
import { type Rival, rivals } from './rivals.ts'
import { absoluteError, coverage, intervalScore, naiveMiss, smape } from './scores.ts'

const horizon = 48
const season = 24

/** Series of a file of the M4 competition: an id and the values on each line, after a line of names. */
function seriesIn(file: string): readonly Float64Array[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1)
  return lines.map((line) =>
    Float64Array.from(
      line
        .split(',')
        .slice(1)
        .map((text) => text.replaceAll('"', ''))
        .filter((text) => text !== '' && text !== 'NA')
        .map(Number),
    ),
  )
}

type Case = { readonly history: Float64Array; readonly came: Float64Array }

/** What is asked of each series: to go on `horizon` steps, `back` steps before its end. */
const casesOf = (all: readonly Float64Array[], back: number): readonly Case[] =>
  all.map((series) => {
    const end = series.length - back - horizon
    return { history: series.subarray(0, end), came: series.subarray(end, end + horizon) }
  })

type Sums = { smape: number; mase: number; msis: number; covered: number; withBand: number; cpuMs: number }

function measure(rival: Rival, cases: readonly Case[]): Sums {
  const sums: Sums = { smape: 0, mase: 0, msis: 0, covered: 0, withBand: 0, cpuMs: 0 }
  for (const { history, came } of cases) {
    const before = process.cpuUsage()
    const { middle, lower, upper } = rival(history.slice(), horizon)
    const { user, system } = process.cpuUsage(before)
    const unit = naiveMiss(history, season)
    sums.cpuMs += (user + system) / 1_000 / cases.length
    sums.smape += smape(middle, came) / cases.length
    sums.mase += absoluteError(middle, came) / unit / cases.length
    if (!lower || !upper) continue
    sums.withBand += 1
    sums.msis += intervalScore(lower, upper, came) / unit / cases.length
    sums.covered += coverage(lower, upper, came) / cases.length
  }
  return sums
}

function show(name: string, sums: Sums, yardstick: Sums): void {
  const owa = (sums.smape / yardstick.smape + sums.mase / yardstick.mase) / 2
  const hasBands = sums.withBand > 0
  const cells = [
    sums.smape.toFixed(3),
    sums.mase.toFixed(3),
    owa.toFixed(4),
    hasBands ? sums.msis.toFixed(2) : '–',
    hasBands ? `${(100 * sums.covered).toFixed(1)} %` : '–',
    sums.cpuMs.toFixed(2),
  ]
  console.log(name.padEnd(18) + cells.map((cell) => cell.padStart(13)).join(''))
}

/** M4 hourly: each series' last 48 values, or, with `--inside N`, the same at N origins before them. */
export async function run(args: readonly string[]): Promise<void> {
  const folder = process.env.PLIMSOLL_M4
  if (!folder) {
    console.error(
      'PLIMSOLL_M4 names no folder with Hourly-train.csv; bench/README.md says where it comes from',
    )
    process.exit(2)
  }
  const series = seriesIn(join(folder, 'Hourly-train.csv'))
  const inside = numberOption(args, 'inside', 0)
  const backs = inside > 0 ? Array.from({ length: inside }, (_, i) => (i + 1) * horizon) : [0]
  const cases = backs.flatMap((back) => casesOf(series, back))
  const names = ['sMAPE', 'MASE', 'OWA', 'MSIS', 'coverage', 'CPU ms']
    .map((name) => name.padStart(13))
    .join('')
  console.log(
    `${series.length} series, ${cases.length} forecasts of ${horizon} hours\n${''.padEnd(18)}${names}`,
  )
  const all = await rivals()
  const yardstick = measure(naive2, cases)
  const wanted = Object.entries(all).filter(([name]) => name === 'plimsoll' || !args.includes('--alone'))
  for (const [name, rival] of wanted) {
    // Once to be compiled; the figures are of the second time.
    measure(rival, cases.slice(0, 200))
    show(name, measure(rival, cases), yardstick)
  }
  show('Naive2', yardstick, yardstick)
}
