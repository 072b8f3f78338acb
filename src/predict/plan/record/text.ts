import { type Around, amid, dateText } from '../dates.ts'
import type { ForecastRecord, Score, WarningRecord } from './record.ts'

const percent = (share: number): string => `${Math.round(100 * share)} %`
const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
const listed = (parts: readonly string[]): string =>
  parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : (parts[0] ?? '')

/** `its error was 0.62 of that of the same hour a week before`. */
function errorText({ errorRatio, isBetterThanNaive, days }: Score): string {
  if (isBetterThanNaive === false) {
    const times = errorRatio === undefined ? '' : `: ${errorRatio.toFixed(2)} times its error`
    return `; it was no better than the same hour a week before${times}`
  }
  if (errorRatio === undefined) return ''
  const early = isBetterThanNaive === undefined ? `, after ${counted(days, 'day')} too early to judge` : ''
  return `; its error was ${errorRatio.toFixed(2)} of that of the same hour a week before${early}`
}

function gapsText({ missed, refused, recent }: Told): string {
  const gaps = [
    ...(missed > 0 ? [`nobody forecast on ${counted(missed, 'day')}, since the server was away`] : []),
    ...(refused > 0 ? [`on ${counted(refused, 'day')} nothing could be said`] : []),
    ...(recent.unknown > 0 ? [`what came in ${counted(recent.unknown, 'hour')} is not known`] : []),
  ]
  return gaps.length > 0 ? `; ${gaps.join('; ')}` : ''
}

type Told = Omit<ForecastRecord, 'text'>

/** How the bands held and how large the error was. */
export function recordText(told: Told, around: Around): string {
  const { coverage, hours, days } = told.recent
  if (!coverage)
    return `forecasts are kept since ${dateText(told.since, around)}; no hour of them has come yet`
  const held = listed(([50, 80, 95] as const).map((level) => `${percent(coverage[level])} in ${level} %`))
  return `of ${counted(hours, 'hour')} forecast in the last ${counted(days, 'day')}, ${held}${errorText(told.recent)}${gapsText(told)}`
}

/** `disk /data`, or the kind alone where the name is the same. */
const nameOf = ({ kind, name }: WarningRecord): string => (kind === name ? kind : `${kind} ${name}`)

/** `told on 3 March for 12 March, moved to 14 March`. */
function oneText(warning: WarningRecord, around: Around): string {
  const { dates, outcome, toldAt, cameAt, endedAt, ticketAt, warningDays = 0 } = warning
  const [first, last] = [dates[0], dates.at(-1)]
  const forDate = first ? ` for ${dateText(amid(first.date), around)}` : ''
  const movedTo = first && last && last !== first ? `, moved to ${dateText(amid(last.date), around)}` : ''
  const told = `${nameOf(warning)}: told on ${dateText(toldAt, around)}${forDate}${movedTo}`
  if (outcome === 'open') return ticketAt === undefined ? told : `${told}, ticket open`
  if (outcome === 'did-not-come')
    return `${told}, gone on ${dateText(endedAt ?? around.now, around)}${ticketAt === undefined ? '' : ' with its ticket'}`
  if (warningDays < 1)
    return `${nameOf(warning)}: came on ${dateText(cameAt ?? around.now, around)} without warning`
  return `${told}, came on ${dateText(cameAt ?? around.now, around)}: ${counted(Math.floor(warningDays), 'day')} of warning`
}

const shown = 3

/** What was told in advance, the newest first, and what became of it. */
export function warningsText({ warnings, falseTickets, since }: Told, around: Around): string {
  if (warnings.length === 0) return `nothing was seen coming since ${dateText(since, around)}`
  const newest = warnings.toReversed().slice(0, shown)
  const more = warnings.length > shown ? [`${warnings.length - shown} more in the last 90 days`] : []
  const wrong = falseTickets > 0 ? [`${counted(falseTickets, 'ticket')} of what did not come`] : []
  return [...newest.map((one) => oneText(one, around)), ...more, ...wrong].join('; ')
}

/** To be said with a forecast that has not deserved to be believed; undefined otherwise. */
export const cautionOf = ({ recent }: ForecastRecord): string | undefined =>
  recent.isBetterThanNaive === false
    ? `in the last ${counted(recent.days, 'day')} it was no better than the same hour a week before`
    : undefined
