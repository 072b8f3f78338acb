import { type EnvironmentRow, type ServicesView, servicesView } from '../../contract/index.ts'
import { exit, formatDuration } from '../../kernel/index.ts'
import type { Command, Screen } from '../command.ts'
import { connect, serverOptions } from '../connect.ts'
import { paint } from '../marks.ts'
import { renderTable } from '../table.ts'

const green = 32
const red = 31
const yellow = 33

const colourOf = (row: EnvironmentRow): number => {
  if (row.status.is === 'steady') return green
  return row.status.is === 'down' ? red : yellow
}

const lossOf = (row: EnvironmentRow): string =>
  row.ledger ? `${row.ledger.lost} of ${row.ledger.accepted.toLocaleString('en-GB')} lost` : ''

function rowOf(service: string, row: EnvironmentRow): string[] {
  return [
    service,
    row.name,
    row.release ? row.release.short : '–',
    `${row.instances.ready}/${row.instances.wanted}`,
    row.status.is,
    lossOf(row),
    row.address ?? '',
    row.release?.subject ?? '',
  ]
}

/** Environments that are there for a while only. */
function renderTries({ services, at }: ServicesView): string {
  const lines = services
    .flatMap(({ spikes }) => spikes)
    .map(({ id, is, text, address, owner, until, question, change }) => {
      const time = until === undefined ? '' : `, ${formatDuration(until - at)} left`
      const about = question ?? change?.subject ?? ''
      return `  ${id}  ${is === 'open' ? `${address}${time}` : text}, ${owner}: ${about}\n`
    })
  return lines.length === 0 ? '' : `\nTried for a while\n${lines.join('')}`
}

/** What is wrong first, then a row for each environment. */
export function renderStatus(view: ServicesView, screen: Screen): string {
  if (view.services.length === 0) return 'No service yet. `git push` one: plimsoll up says where.\n'
  const wrong = view.wrong
    .map(({ text }) => `${paint(screen.ascii ? 'x' : '✗', red, screen)} ${text}\n`)
    .join('')
  const waiting = view.waiting.map(({ text }) => `${paint('!', yellow, screen)} ${text}\n`).join('')
  const rows = view.services.flatMap((service) =>
    service.environments.map((row) => ({ row, cells: rowOf(service.name, row) })),
  )
  const table = renderTable(
    [
      ['SERVICE', 'ENVIRONMENT', 'RELEASE', 'READY', 'STATUS', 'REQUESTS', 'ADDRESS', 'CHANGE'],
      ...rows.map(({ cells }) => cells),
    ],
    screen,
  )
  const lines = table.trimEnd().split('\n')
  const painted = lines.map((line, i) => {
    const row = rows[i - 1]?.row
    return row ? line.replace(` ${row.status.is} `, ` ${paint(row.status.is, colourOf(row), screen)} `) : line
  })
  return `${wrong}${waiting}${wrong || waiting ? '\n' : ''}${painted.join('\n')}\n${renderTries(view)}`
}

export const status: Command = {
  name: 'status',
  summary: 'what runs where, and what is wrong',
  examples: ['plimsoll status', 'plimsoll status payments --json'],
  positionals: '[SERVICE]',
  options: serverOptions,
  async run(input, io) {
    const client = await connect(input, io)
    const all = await client.get('/api/services', servicesView)
    const [only] = input.positionals
    const view = only ? { ...all, services: all.services.filter((service) => service.name === only) } : all
    io.stdout.write(input.values.json ? `${JSON.stringify(view)}\n` : renderStatus(view, io.stdout))
    return view.wrong.length === 0 ? exit.yes : exit.no
  },
}
