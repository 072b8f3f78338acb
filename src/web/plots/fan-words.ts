import type { PlaceForecast } from '../../contract/index.ts'
import { zoneName } from '../../kernel/zone.ts'
import { dateText, dayText, inZone } from '../../kernel/zone-text.ts'
import { asSentence, formatPart } from '../format.ts'
import { type Ends, type Fan, levels, type Step } from './fan.ts'
import type { Table } from './table.ts'

const figure = (value: number): string =>
  value >= 999.5 ? Math.round(value).toLocaleString('en-GB') : String(Number(value.toPrecision(3)))
export const rateText = (value: number): string => `${figure(value)}/s`
const endsText = ({ low, high }: Ends): string => `${figure(low)} – ${figure(high)}`

/** What a fan is of: steps of hours, or the busiest hours of weeks. */
export type Grain = 'hours' | 'weeks'
const hourText = (at: number, timeZone: string): string =>
  `${inZone('weekday', timeZone).format(at)} ${inZone('hour', timeZone).format(at)} (${zoneName(timeZone)})`
const nameOf: Readonly<Record<Grain, (at: number, timeZone: string) => string>> = {
  hours: hourText,
  weeks: (at, timeZone) => `week from ${dateText(at, timeZone)}`,
}

/** What the peak of a week is the mean of. */
export const peakName = ({ peaks }: PlaceForecast): string =>
  peaks.is === 'peaks' && peaks.of === 'fiveMinutes' ? '5 min' : 'hour'

const subjectOf = ({ service, environment }: PlaceForecast): string => `${environment} of ${service}`

/** When the load line is crossed, and how likely soon; or why nobody can tell. */
export function weeksFinding(place: PlaceForecast): string {
  const { crossing, text, chances, next } = place
  if (!crossing) return [asSentence(text), ...(next === undefined ? [] : [`Next: ${next}.`])].join(' ')
  const said = asSentence(`${subjectOf(place)} ${text}`)
  return chances === undefined ? said : `${said} ${asSentence(chances)}`
}

/** The hour that is to be the busiest, beside the load line. */
export function hoursFinding(place: PlaceForecast): string {
  const { forecast, line, timeZone } = place
  if (forecast.is === 'refused') return asSentence(forecast.why)
  const { median, bands, at } = forecast
  const i = median.indexOf(Math.max(...median))
  const [middle, ends] = [median[i] ?? 0, { low: bands[80].lower[i] ?? 0, high: bands[80].upper[i] ?? 0 }]
  const of = line ? `: ${formatPart(middle / line.at)} of its load line` : ''
  return `${asSentence(`${subjectOf(place)} expects its busiest hour on ${hourText(at[i] ?? 0, timeZone)}, with ${rateText(middle)} (80 %: ${endsText(ends)})${of}`)}`
}

/** What there is to read at a step. */
export function stepText(
  { stepMs }: Fan,
  { at, seen, ahead }: Step,
  { line, days, timeZone }: Pick<PlaceForecast, 'line' | 'days' | 'timeZone'>,
  grain: Grain,
): string {
  const value = seen ?? ahead?.median
  const bands = ahead ? ` (${levels.map((level) => `${level} %: ${endsText(ahead[level])}`).join(', ')})` : ''
  const said = value === undefined ? 'nothing is known' : `${rateText(value)}${bands}`
  const share = value !== undefined && line ? `, ${formatPart(value / line.at)} of the load line` : ''
  const special = days.filter((one) => one.at < at + stepMs && one.at + 86_400_000 > at)
  const named = special
    .map((one) => `, ${one.kind}${grain === 'weeks' ? ` on ${dayText(one.at, timeZone)}` : ''}`)
    .join('')
  return `${nameOf[grain](at, timeZone)}${ahead ? ', expected' : ''}: ${said}${share}${named}`
}

const heads = (grain: Grain) => [grain === 'hours' ? 'hour' : 'week from', 'seen', 'expected']

export const fanTable = (
  { steps }: Fan,
  { line, timeZone }: Pick<PlaceForecast, 'line' | 'timeZone'>,
  grain: Grain,
): Table => ({
  heads: [...heads(grain), ...levels.map((level) => `${level} %`), ...(line ? ['of the load line'] : [])],
  rows: steps.map(({ at, seen, ahead }) => {
    const value = seen ?? ahead?.median
    return [
      grain === 'hours' ? hourText(at, timeZone) : dateText(at, timeZone),
      seen === null ? '' : rateText(seen),
      ahead ? rateText(ahead.median) : '',
      ...levels.map((level) => (ahead ? endsText(ahead[level]) : '')),
      ...(line ? [value === undefined ? '' : formatPart(value / line.at)] : []),
    ]
  }),
})

export const fanCsv = ({ steps }: Fan): Table => ({
  heads: ['from', 'seen', 'median', ...levels.flatMap((level) => [`lower${level}`, `upper${level}`])],
  rows: steps.map(({ at, seen, ahead }) => [
    new Date(at).toISOString(),
    seen,
    ahead?.median ?? null,
    ...levels.flatMap((level) => [ahead?.[level].low ?? null, ahead?.[level].high ?? null]),
  ]),
})
