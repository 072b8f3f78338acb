import type { EnvironmentRow, ServiceRow } from '../contract/index.ts'
import type { Note } from '../contract/overview/notes.ts'
import type { Standing } from '../contract/overview/standings.ts'
import { runOfInterest, type Status } from '../contract/overview/status.ts'
import { formatDuration } from '../kernel/index.ts'
import type { Screen } from './command.ts'
import { type Mark, mark, paint, sign } from './marks.ts'
import { renderTable } from './table.ts'
import { ago } from './when.ts'

const signs = {
  well: { icon: '✓', ascii: '+', colour: 32 },
  failed: { icon: '✗', ascii: 'x', colour: 31 },
  inconclusive: { icon: '!', ascii: '!', colour: 33 },
  untold: { icon: '?', ascii: '?', colour: 33 },
  told: { icon: '·', ascii: '-', colour: 2 },
} as const satisfies Readonly<Record<string, Mark>>

const colours: Readonly<Record<Standing['tone'], number>> = {
  passed: 32,
  failed: 31,
  inconclusive: 33,
  running: 34,
  waiting: 2,
}

const things = (n: number): string => (n === 1 ? '1 thing is' : `${n} things are`)

/** The verdict: what a script asks for, and what stands first for people. */
function verdictLine({ is, wrong }: Status, screen: Screen): string {
  const urgent = wrong.filter(({ urgency }) => urgency === 'failed').length
  const rest = wrong.length - urgent
  const more = rest === 0 ? '' : `; ${things(rest)} to be seen to`
  switch (is) {
    case 'wrong':
      return `${sign(signs.failed, screen)} ${things(urgent)} wrong${more}`
    case 'untold':
      return `${sign(signs.untold, screen)} nothing is known to be wrong, but nobody can tell${more}`
    case 'well':
      return `${sign(signs.well, screen)} nothing is wrong${more}`
  }
}

function noteLine({ text, at, urgency }: Note, now: number, screen: Screen): string {
  const since = at === undefined ? '' : ` (${ago(at, now)})`
  return `${sign(signs[urgency ?? 'told'], screen)} ${text}${since}`
}

const below = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), '']

const untoldLines = ({ untold }: Status, screen: Screen): readonly string[] =>
  untold.map(({ text }) => `${sign(signs.untold, screen)} ${text}`)

const wrongLines = ({ wrong, at }: Status, screen: Screen): readonly string[] =>
  wrong.map((note) => noteLine(note, at, screen))

/** What is wrong, or cannot be told, and nothing else: for scripts. */
export const renderCheck = (status: Status, screen: Screen): string =>
  [
    verdictLine(status, screen),
    ...[...wrongLines(status, screen), ...untoldLines(status, screen)].map((line) => `  ${line}`),
    '',
  ].join('\n')

const lossOf = ({ ledger }: EnvironmentRow): string =>
  ledger ? `${ledger.lost} of ${ledger.accepted.toLocaleString('en-GB')} lost` : ''

type Row = Status['services'][number]['environments'][number]

function lineOf({ loadLine }: Row): string {
  if (!loadLine) return ''
  const { used, text } = loadLine
  return used === undefined ? text : `${Number((used * 100).toPrecision(2))} %, ${text}`
}

function rowOf(service: string, row: Row): string[] {
  return [
    service,
    row.name,
    row.stands.word,
    row.release ? row.release.short : '–',
    `${row.instances.ready}/${row.instances.wanted}`,
    lineOf(row),
    lossOf(row),
    row.address ?? '',
    row.release?.subject ?? '',
  ]
}

const heads = [
  ...['SERVICE', 'ENVIRONMENT', 'IS', 'RELEASE', 'READY', 'LOAD LINE', 'REQUESTS', 'ADDRESS', 'CHANGE'],
]

/** A row for each environment; the word for how it is in its colour. */
function renderRows({ services }: Status, screen: Screen): string {
  const rows = services.flatMap(({ name, environments }) =>
    environments.map((row) => ({ row, cells: rowOf(name, row) })),
  )
  const lines = renderTable([heads, ...rows.map(({ cells }) => cells)], screen)
    .trimEnd()
    .split('\n')
  return lines
    .map((line, i) => {
      const stands = rows[i - 1]?.row.stands
      const word = ` ${stands?.word} `
      return stands ? line.replace(word, paint(word, colours[stands.tone], screen)) : line
    })
    .map((line) => `${line}\n`)
    .join('')
}

/** Environments that are there for a while only. */
const tryLines = ({ services, at }: Status): readonly string[] =>
  services
    .flatMap(({ spikes }) => spikes)
    .map(({ id, is, text, address, owner, until, question, change }) => {
      const time = until === undefined ? '' : `, ${formatDuration(until - at)} left`
      const about = question ?? change?.subject ?? ''
      return `${id}  ${is === 'open' ? `${address}${time}` : text}, ${owner}: ${about}`
    })

/** Deployments that go on, and the newest run of each service while it goes on or when it did not pass. */
function goingLines({ services }: Status, screen: Screen): readonly string[] {
  const runs = services.flatMap((service: Pick<ServiceRow, 'lastRun'>) => runOfInterest(service) ?? [])
  const deployed = services.flatMap(({ environments }) =>
    environments.filter(({ deployment }) => deployment !== undefined),
  )
  return [
    ...runs.map(
      ({ id, standing, text, change }) => `${mark(standing, screen)}  ${id}  ${text}: ${change.subject}`,
    ),
    ...deployed.map(({ deployment, status }) => `${mark('running', screen)}  ${deployment}  ${status.text}`),
  ]
}

/** The verdict, what is wrong, what is coming, what waits; then a row for each environment, and what goes on. */
export function renderStatus(status: Status, screen: Screen): string {
  if (status.services.length === 0) return 'No service yet. `git push` one: plimsoll up says where.\n'
  const coming = status.coming.map((note) => noteLine(note, status.at, screen))
  const waiting = status.waiting.map(({ text }) => `${sign(signs.inconclusive, screen)} ${text}`)
  return [
    renderCheck(status, screen),
    ...below('Coming', coming.length > 0 ? coming : [`${sign(signs.told, screen)} ${status.foresight}`]),
    ...below('Waiting for somebody', waiting),
    renderRows(status, screen),
    ...below('Going on, or not passed', goingLines(status, screen)),
    ...below('Tried for a while', tryLines(status)),
  ].join('\n')
}
