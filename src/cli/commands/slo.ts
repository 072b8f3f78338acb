import {
  type BackFilledView,
  type EnvironmentSlos,
  type FiringAlert,
  type SlosView,
  slosView,
} from '../../contract/index.ts'
import { type ExitCode, exit, momentIn } from '../../kernel/index.ts'
import type { Command, Screen } from '../command.ts'
import { serverOptions } from '../connect.ts'
import { sign } from '../marks.ts'
import { showView } from '../show-view.ts'
import { renderTable } from '../table.ts'
import { ago } from '../when.ts'

const unknownText = '–'
const percent = (share: number | undefined): string =>
  share === undefined ? unknownText : `${Number((share * 100).toPrecision(3))} %`
const times = (burn: number | undefined): string =>
  burn === undefined ? unknownText : `${Number(burn.toPrecision(3))}×`

const signs = {
  fires: { icon: '✗', ascii: 'x', colour: 31 },
  well: { icon: '✓', ascii: '+', colour: 32 },
  unknown: { icon: '?', ascii: '?', colour: 33 },
} as const

const isKnown = ({ slos }: EnvironmentSlos): boolean => slos.some(({ left }) => left !== undefined)

function alertLines(
  { severity, text, next, changes, firedAt, evidence = [], owner }: FiringAlert,
  now: number,
): string[] {
  return [
    `  ${severity}, ${ago(firedAt, now)}: ${text}`,
    ...changes.map((change) => `    since then: ${change}`),
    ...evidence.map((one) => `    because ${one}`),
    ...(owner === undefined ? [] : [`    owner: ${owner}`]),
    `    next: ${next}`,
  ]
}

const sayBackFilled = ({ from, until, by }: BackFilledView, timeZone: string): string =>
  `back-filled by ${by}, not seen here: what counts from ${momentIn(timeZone, from)} to ${momentIn(timeZone, until)}`

function renderPlace(place: EnvironmentSlos, now: number, screen: Screen): string {
  const { service, environment, timeZone, slos, alerts } = place
  const rows = slos.map(({ name, objective, days, left, burnNow, endsAt, because }) => [
    `  ${name}`,
    `${percent(objective)} over ${days} d`,
    percent(left),
    times(burnNow),
    because ?? (endsAt === undefined ? 'lasts' : `spent ${momentIn(timeZone, endsAt)} at the earliest`),
  ])
  return [
    `${sign(signs[alerts.length > 0 ? 'fires' : isKnown(place) ? 'well' : 'unknown'], screen)} ${service} ${environment}`,
    ...alerts.flatMap((alert) => alertLines(alert, now)),
    ...(place.backFilled ? [`  ${sayBackFilled(place.backFilled, timeZone)}`] : []),
    renderTable([['  SLO', 'PROMISED', 'LEFT', 'BURNS', 'SO'], ...rows], screen),
  ].join('\n')
}

/** What fires, and what is left of each budget. */
export const renderSlos = ({ at, environments }: SlosView, screen: Screen): string =>
  environments.length === 0
    ? 'Nothing is promised: `slos: [slo.availability({ objective: 0.999 })]` in plimsoll.config.ts does.\n'
    : environments.map((one) => renderPlace(one, at, screen)).join('')

/** Whether something fires, all is well, or nothing is known. */
export function exitOf({ environments }: SlosView): ExitCode {
  if (environments.some(({ alerts }) => alerts.length > 0)) return exit.no
  return environments.some(isKnown) ? exit.yes : exit.unknown
}

export const slo: Command = {
  name: 'slo',
  summary: 'what is left of the error budgets, how fast they burn, and which alerts fire',
  examples: ['plimsoll slo', 'plimsoll slo payments --json'],
  positionals: '[SERVICE]',
  options: serverOptions,
  run: (input, io) => showView({ path: '/api/slos', view: slosView, render: renderSlos, exitOf }, input, io),
}
