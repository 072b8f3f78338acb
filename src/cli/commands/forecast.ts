import { type ForecastsView, forecastsView, type PlaceForecast } from '../../contract/index.ts'
import { clockIn, dateIn, type ExitCode, exit, zoneName } from '../../kernel/index.ts'
import type { Command, Screen } from '../command.ts'
import { serverOptions } from '../connect.ts'
import { recordLines } from '../forecast-record-screen.ts'
import { paint } from '../marks.ts'
import { showView } from '../show-view.ts'
import { renderTable } from '../table.ts'
import { figure, rangeText, renderWeeks } from './forecast-weeks.ts'

type Said = Extract<PlaceForecast['forecast'], { is: 'forecast' }>

const percent = (share: number): string => `${Math.round(100 * share)} %`

/** The busiest step of each day, with its bands. */
function peaksOf({ at, median, bands }: Said, timeZone: string): string[][] {
  const busiest = new Map<string, number>()
  at.forEach((begin, i) => {
    const day = dateIn(timeZone, begin)
    const best = busiest.get(day)
    if (best === undefined || (median[i] ?? 0) > (median[best] ?? 0)) busiest.set(day, i)
  })
  const range = ({ lower, upper }: Said['bands'][50], i: number): string =>
    rangeText(lower[i] ?? 0, upper[i] ?? 0)
  return [...busiest].map(([day, i]) => [
    `  ${day}`,
    clockIn(timeZone, at[i] ?? 0),
    figure(median[i] ?? 0),
    range(bands[80], i),
    range(bands[95], i),
  ])
}

function backtestLines(backtest: PlaceForecast['backtest']): string[] {
  if (!backtest) return []
  if (backtest.is === 'refused')
    return [`  backtest: ${backtest.why} (${backtest.code})`, `    next: ${backtest.next}`]
  const { coverage, origins, why } = backtest
  const held = ([50, 80, 95] as const).map((level) => `${percent(coverage[level])} in the band of ${level} %`)
  return [`  backtest from ${origins} points: ${why}`, `  ${held.join(', ')}`]
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('')

/** What is said of it in one line: when it crosses its load line, or why nobody can tell. */
function headOf({ service, environment, forecast, text }: PlaceForecast, screen: Screen): string {
  const isKnown = forecast.is === 'forecast'
  const sign = isKnown ? (screen.ascii ? '>' : '→') : '?'
  return `${paint(sign, isKnown ? 34 : 33, screen)} ${service} ${environment}: ${text}`
}

/** What of it was not seen here. */
const backFilledLines = ({ backFilled, timeZone }: PlaceForecast): string[] =>
  backFilled
    ? [
        `  back-filled by ${backFilled.by}, not seen here: ${dateIn(timeZone, backFilled.from)} to ${dateIn(timeZone, backFilled.until)}`,
      ]
    : []

function renderPlace(place: PlaceForecast, screen: Screen): string {
  const { forecast, backtest, chances, found, next, record, timeZone } = place
  const head = [
    headOf(place, screen),
    ...(chances === undefined ? [] : [`  ${chances}`]),
    ...found.map((one) => `  ${one}`),
    ...(next === undefined ? [] : [`  next: ${next}`]),
    ...backFilledLines(place),
  ]
  if (forecast.is === 'refused')
    return lines([...head, `  ${forecast.why}`, ...recordLines(record), ...backtestLines(backtest)])
  const rows = [
    [`  DAY (${zoneName(timeZone)})`, 'PEAK', 'REQUESTS/S', '80 %', '95 %'],
    ...peaksOf(forecast, timeZone),
  ]
  return (
    lines(head) +
    renderWeeks(place, screen) +
    lines(['']) +
    renderTable(rows, screen) +
    lines([`  ${forecast.why}`, ...recordLines(record), ...backtestLines(backtest)])
  )
}

/** Of one service the weeks and days to come of each environment; of several when each crosses its load line. */
export function renderForecasts({ places }: ForecastsView, screen: Screen): string {
  if (places.length === 0) return 'Nothing was pushed yet that has environments.\n'
  const services = new Set(places.map(({ service }) => service))
  if (services.size === 1) return places.map((place) => renderPlace(place, screen)).join('')
  const heads = places.map((place) => lines([headOf(place, screen), ...backtestLines(place.backtest)]))
  return `${heads.join('')}plimsoll forecast SERVICE shows its weeks and days\n`
}

export const exitOf = ({ places }: ForecastsView): ExitCode =>
  places.some(({ forecast }) => forecast.is === 'forecast') ? exit.yes : exit.unknown

export const forecast: Command = {
  name: 'forecast',
  summary: 'when load lines are crossed, and the requests of the weeks and days to come',
  examples: ['plimsoll forecast payments', 'plimsoll forecast payments --backtest --json'],
  positionals: '[SERVICE]',
  options: {
    ...serverOptions,
    backtest: { type: 'boolean', description: 'forecast the past as well, and say how that went' },
  },
  run: (input, io) => {
    const path = input.values.backtest ? '/api/forecasts/backtests' : '/api/forecasts'
    return showView({ path, view: forecastsView, render: renderForecasts, exitOf }, input, io)
  },
}
