import {
  type AlertHistory,
  type AlertRow,
  type AlertsView,
  alertHistory,
  alertsView,
  type Receiver,
  type SilenceView,
  type ToldView,
} from '../../contract/index.ts'
import { type ExitCode, exit, momentIn } from '../../kernel/index.ts'
import type { Command, Screen } from '../command.ts'
import { serverOptions } from '../connect.ts'
import { sign } from '../marks.ts'
import { wordsOf } from '../place.ts'
import { type Shown, showView } from '../show-view.ts'
import { renderTable } from '../table.ts'
import { ago } from '../when.ts'

const signs = {
  page: { icon: '✗', ascii: 'x', colour: 31 },
  ticket: { icon: '!', ascii: '!', colour: 33 },
  none: { icon: '✓', ascii: '+', colour: 32 },
} as const

function toldText({ toldAt, toldTo = [], quiet }: AlertRow, now: number): string {
  const told =
    toldAt === undefined ? 'nobody was told' : `${toldTo.join(', ') || 'nobody'} told ${ago(toldAt, now)}`
  return quiet === undefined ? told : `${told}; ${quiet}`
}

function alertLines(alert: AlertRow, now: number, screen: Screen): readonly string[] {
  const {
    severity,
    service,
    environment,
    slo,
    window,
    text,
    next,
    changes,
    firedAt,
    healthyAt,
    evidence = [],
    owner,
  } = alert
  const well = healthyAt === undefined ? '' : `, last well ${ago(healthyAt, now)}`
  return [
    `${sign(signs[severity], screen)} ${severity}  ${service} ${environment}  ${slo} ${window}`,
    `    ${text}`,
    `    fires since ${ago(firedAt, now)}${well}; ${toldText(alert, now)}`,
    ...changes.map((change) => `    since it was well: ${change}`),
    ...evidence.map((one) => `    because ${one}`),
    ...(owner === undefined ? [] : [`    owner: ${owner}`]),
    `    next: ${next}`,
  ]
}

const anything = 'any'

function renderSilences(silences: readonly SilenceView[], screen: Screen): string {
  if (silences.length === 0) return ''
  const rows = silences.map(
    ({ id, service, environment, slo, severity, quiets, until, owner, reason, timeZone }) => [
      id,
      [service, environment ?? anything, slo ?? anything, severity ?? anything].join(' '),
      String(quiets),
      until === undefined ? 'resolved' : momentIn(timeZone, until),
      owner,
      reason,
    ],
  )
  return renderTable([['SILENCE', 'OF', 'QUIETS', 'UNTIL', 'OWNER', 'REASON'], ...rows], screen)
}

/** What fires, page before ticket, and what is kept silent. */
export function renderAlerts({ at, alerts, silences, places }: AlertsView, screen: Screen): string {
  if (places.length === 0)
    return 'Nothing is promised, so nothing fires: `slos: [slo.availability({ objective: 0.999 })]` in plimsoll.config.ts promises something.\n'
  const lines = alerts.flatMap((alert) => alertLines(alert, at, screen))
  const said = lines.length > 0 ? lines : [`${sign(signs.none, screen)} No alert fires.`]
  return [`${said.join('\n')}\n`, renderSilences(silences, screen)].filter((part) => part !== '').join('\n')
}

/** No as long as a page fires. */
export function exitOf({ alerts, places }: AlertsView): ExitCode {
  if (alerts.some(({ severity }) => severity === 'page')) return exit.no
  return places.length === 0 ? exit.unknown : exit.yes
}

function receiverText({ name, is, at, tries, because }: Receiver, timeZone: string): string {
  const why = because === undefined ? '' : `: ${because}`
  const times = tries > 1 ? ` in ${tries} tries` : ''
  switch (is) {
    case 'told':
      return `${name} told ${at === undefined ? '' : momentIn(timeZone, at)}${times}${why}`
    case 'waiting':
      return `${name} not reached yet${times}${why}`
    case 'givenUp':
      return `${name} given up${times}${why}`
  }
}

const whatOf: Readonly<Record<ToldView['type'], string>> = {
  'alert.page': 'page',
  'alert.ticket': 'ticket',
  'alert.resolved': 'over',
}

/** Who was told what, when and by which notifier. */
export function renderHistory({ told }: AlertHistory): string {
  if (told.length === 0) return 'Nobody was told of an alert yet.\n'
  return told
    .flatMap(({ at, timeZone, type, text, receivers }) => [
      `${momentIn(timeZone, at)}  ${whatOf[type].padEnd(6)}  ${text}`,
      ...(receivers.length > 0
        ? receivers.map((one) => receiverText(one, timeZone))
        : ['nobody: no notifier wants to hear of it']
      ).map((line) => `    ${line}`),
    ])
    .map((line) => `${line}\n`)
    .join('')
}

const toldView: Shown<AlertHistory> = {
  ...{ path: '/api/alerts/history', view: alertHistory, render: renderHistory },
  exitOf: () => exit.yes,
}
const firingView: Shown<AlertsView> = { path: '/api/alerts', view: alertsView, render: renderAlerts, exitOf }

export const alerts: Command = {
  name: 'alerts',
  summary: 'what fires now, what to do first, what is silenced; with --history who was told what and when',
  examples: ['plimsoll alerts', 'plimsoll alerts payments production --history'],
  positionals: '[SERVICE] [ENVIRONMENT]',
  options: {
    ...serverOptions,
    history: { type: 'boolean', description: 'who was told what, when, and by which notifier' },
  },
  run(input, io) {
    return input.values.history
      ? showView({ ...toldView, queryOf: wordsOf }, input, io)
      : showView({ ...firingView, queryOf: wordsOf }, input, io)
  },
}
