import { alertsView, futuresView, headroomView, healthView, servicesView } from '../../contract/index.ts'
import { type Status, statusOf } from '../../contract/overview/status.ts'
import { type ExitCode, exit } from '../../kernel/index.ts'
import type { Client } from '../client.ts'
import type { Command } from '../command.ts'
import { connect, serverOptions } from '../connect.ts'
import { serviceNamed } from '../place.ts'
import { renderCheck, renderStatus } from '../status-screen.ts'

/** The same that the first page asks for. */
async function look(client: Client, only: string | undefined): Promise<Status> {
  const ask = only === undefined ? '' : `?${new URLSearchParams({ service: only })}`
  const services = await client.get('/api/services', servicesView)
  if (only !== undefined) serviceNamed(services.services, only)
  const [alerts, health, headroom, futures] = await Promise.all([
    client.get(`/api/alerts${ask}`, alertsView),
    client.get(`/api/health${ask}`, healthView),
    client.get(`/api/headroom${ask}`, headroomView),
    client.get(`/api/futures${ask}`, futuresView),
  ])
  return statusOf(services, { alerts, health, headroom, futures }, only)
}

const exits: Readonly<Record<Status['is'], ExitCode>> = {
  well: exit.yes,
  wrong: exit.no,
  untold: exit.unknown,
}

export const status: Command = {
  name: 'status',
  summary: 'what is wrong, what is coming, and what runs where: of one service or of all',
  examples: ['plimsoll status', 'plimsoll status payments --check'],
  positionals: '[SERVICE]',
  ends: 'It ends with 1 when something is wrong, as the first page has it; tickets and what is coming are none of that. With --check it ends with 3 when nothing is known to be wrong, but of something that runs nobody can tell.',
  options: {
    ...serverOptions,
    check: {
      type: 'boolean',
      description: 'only what is wrong or cannot be told, and the exit code: for scripts',
    },
  },
  async run({ values, positionals }, io) {
    const client = await connect({ values, positionals }, io)
    const seen = await look(client, positionals[0])
    const render = values.check ? renderCheck : renderStatus
    io.stdout.write(values.json ? `${JSON.stringify(seen)}\n` : render(seen, io.stdout))
    return seen.is === 'untold' && !values.check ? exit.yes : exits[seen.is]
  },
}
