import type { Crossing } from '../../../forecast/index.ts'
import { type Around, aboutText, amid, dateText, zoneFound } from '../dates.ts'
import type { Ahead, Told } from './ahead.ts'
import { percent, perSecond, shareText } from './sentence.ts'

/** `4 %`, `under 1 %`: of futures that were simulated, nothing is sure. */
export function chanceText(chance: number): string {
  if (chance < 0.005) return 'under 1 %'
  if (chance >= 0.995) return 'over 99 %'
  return `${Math.round(100 * chance)} %`
}

const crossedShare = ({ days, futures }: Crossing): number => days.length / futures

/** `the next 180 days (72 % of futures; 10 % cross it before 3 March)` */
function staysText(crossing: Crossing, around: Around): string {
  const { early, horizonDays } = crossing
  const tenth = early === undefined ? '' : `; 10 % cross it before ${dateText(amid(early), around)}`
  return `the next ${horizonDays} days (${chanceText(1 - crossedShare(crossing))} of futures${tenth})`
}

/** Whether load has reached the line in the last days. */
export const isOver = ({ lately, line }: Told): boolean => lately >= line.at

const busiestText = ({ lately, within }: Told): string =>
  `${perSecond(lately)} in ${within ? 'the busiest five minutes' : 'the busiest hour'} of the last 7 days`

function overText(told: Told): string {
  const { limit, line } = told
  const what = limit === 'atLeast' ? 'what it was measured to carry at least' : 'its load line'
  return `is over ${what} already: ${busiestText(told)}, of ${perSecond(line.at)}`
}

function crossesText({ limit, line, crossing }: Told, around: Around): string {
  const about = aboutText(crossing, around)
  const stays = staysText(crossing, around)
  const rate = perSecond(line.at)
  if (limit === 'exact')
    return about === undefined ? `stays below its load line for ${stays}` : `crosses its load line ${about}`
  if (limit === 'atLeast')
    return about === undefined
      ? `stays below its load line, which is at least ${rate}, for ${stays}`
      : `reaches ${rate} ${about}, which it carries at least: its load line is not crossed before`
  return about === undefined
    ? `stays below ${rate} for ${stays}, and carries less than that: nobody has found how much`
    : `crosses its load line ${about} at the latest: it carries less than ${rate}, and nobody has found how much`
}

/** `keeps 20 % of it until about 3 March (80 %: …)`, with what `it` is. */
export function keepText(keeps: Crossing, below: number, of: string, verb: string, around: Around): string {
  const share = `${percent(below)} of ${of}`
  const about = aboutText(keeps, around)
  if (about === undefined) return `${verb} ${share} for ${staysText(keeps, around)}`
  return about === 'within a day' ? `${verb} ${share} for less than a day` : `${verb} ${share} until ${about}`
}

function leftText(told: Told, around: Around): string | undefined {
  const { below, line, lately, keeps, limit } = told
  if (below === 0 || limit === 'atMost' || isOver(told)) return undefined
  const of = limit === 'atLeast' ? 'that' : 'it'
  if (lately >= line.at * (1 - below))
    return `leaves less than ${percent(below)} of ${of} already: ${busiestText(told)}`
  return keepText(keeps, below, of, 'keeps', around)
}

const untoldText = (lacks: string, why: string): string =>
  lacks === 'line'
    ? `nobody can say when it crosses its load line: ${why}`
    : `nobody can say yet when it crosses its load line: of its past ${why}`

/** What is to come, in a sentence that needs its subject: `crosses its load line about 12 March (80 %: …); keeps 20 % of it until …`. */
export function aheadText(ahead: Ahead, around: Around): string {
  if (ahead.is === 'untold') return untoldText(ahead.lacks, ahead.why)
  const first = isOver(ahead) ? overText(ahead) : crossesText(ahead, around)
  const left = leftText(ahead, around)
  return left === undefined ? first : `${first}; ${left}`
}

/** `within 7 days 0 %, …`; none where nobody can say. */
export function chancesText(ahead: Ahead): string | undefined {
  if (ahead.is === 'untold') return undefined
  const { within } = ahead.crossing
  const each = ([7, 30, 90] as const).map((days) => `${chanceText(within[days])} within ${days} days`)
  return `probability of crossing it: ${each.join(', ')}`
}

/** By what that is known, and hours that were assumed. */
export function aheadFound(ahead: Ahead, around: Around): readonly string[] {
  if (ahead.is === 'untold') return []
  const { within, crossing, moments } = ahead
  const fine = within
    ? `the busiest five minutes of an hour count: ${Number(within.factor.toPrecision(3))} times its mean in 95 % of ${within.hours} busy hours of the last 28 days`
    : 'the means of hours count: what five minutes do within an hour is not known'
  return [
    ...moments.map(({ text, used }) => `${text}: ${shareText(used)} of its load line, with 80 %`),
    crossing.why,
    fine,
    ...zoneFound(around),
  ]
}

/** What to do first, where that is no way to have enough left again. */
export function aheadNext(ahead: Ahead): string | undefined {
  if (ahead.is === 'untold')
    return ahead.lacks === 'too-short'
      ? 'wait for three weeks of requests, or bring along what another tool has counted: plimsoll slo import'
      : undefined
  const { restores, larger, limit } = ahead
  if (limit === 'atLeast' && restores && restores.is !== 'instances')
    return 'let the search for the line go further: load.line.max'
  const isBeyond = restores?.is === 'beyond' && larger?.is !== 'size' && larger?.is !== 'measure'
  return isBeyond ? 'a release that carries more, or larger instances' : undefined
}
