import { type ForecastsView, forecastsView, type PlaceForecast } from '../../contract/index.ts'
import { type ExitCode, exit } from '../../kernel/index.ts'
import type { Command, Screen } from '../command.ts'
import { serverOptions } from '../connect.ts'
import { recordLines } from '../forecast-record-screen.ts'
import { paint } from '../marks.ts'
import { showView } from '../show-view.ts'
import { renderTable } from '../table.ts'

type Said = Extract<PlaceForecast['forecast'], { is: 'forecast' }>

const figure = (value: number): string => `${Number(value.toPrecision(3))}`
const percent = (share: number): string => `${Math.round(100 * share)} %`
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** The busiest step of each day, with its bands. */
function peaksOf({ at, median, bands }: Said): string[][] {
  const busiest = new Map<string, number>()
  at.forEach((begin, i) => {
    const day = dayOf(begin)
    const best = busiest.get(day)
    if (best === undefined || (median[i] ?? 0) > (median[best] ?? 0)) busiest.set(day, i)
  })
  const range = ({ lower, upper }: Said['bands'][50], i: number): string =>
    `${figure(lower[i] ?? 0)} – ${figure(upper[i] ?? 0)}`
  return [...busiest].map(([day, i]) => [
    `  ${day}`,
    new Date(at[i] ?? 0).toISOString().slice(11, 16),
    figure(median[i] ?? 0),
    range(bands[80], i),
    range(bands[95], i),
  ])
}

function backtestLines(backtest: PlaceForecast['backtest']): string[] {
  if (!backtest) return []
  if (backtest.is === 'refused') return [`  backtest: ${backtest.why}`]
  const { coverage, origins, why } = backtest
  const held = ([50, 80, 95] as const).map((level) => `${percent(coverage[level])} in the band of ${level} %`)
  return [`  backtest from ${origins} points: ${why}`, `  ${held.join(', ')}`]
}

function renderPlace(
  { service, environment, forecast, backtest, record }: PlaceForecast,
  screen: Screen,
): string {
  const isKnown = forecast.is === 'forecast'
  const sign = isKnown ? (screen.ascii ? '>' : '→') : '?'
  const head = `${paint(sign, isKnown ? 34 : 33, screen)} ${service} ${environment}`
  const lines = (texts: readonly string[]) => texts.map((text) => `${text}\n`).join('')
  if (forecast.is === 'refused')
    return lines([`${head}: ${forecast.why}`, ...recordLines(record), ...backtestLines(backtest)])
  const rows = [['  DAY (UTC)', 'PEAK', 'REQUESTS/S', '80 %', '95 %'], ...peaksOf(forecast)]
  return (
    lines([head]) +
    renderTable(rows, screen) +
    lines([`  ${forecast.why}`, ...recordLines(record), ...backtestLines(backtest)])
  )
}

/** The busiest hour of each day to come, of each environment. */
export const renderForecasts = ({ places }: ForecastsView, screen: Screen): string =>
  places.length === 0
    ? 'Nothing was pushed yet that has environments.\n'
    : places.map((place) => renderPlace(place, screen)).join('')

export const exitOf = ({ places }: ForecastsView): ExitCode =>
  places.some(({ forecast }) => forecast.is === 'forecast') ? exit.yes : exit.unknown

export const forecast: Command = {
  name: 'forecast',
  summary: 'the requests of the next week, by what the gateways have counted',
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
