import { doneAnswer, type WebhookView, webhooksView } from '../../contract/index.ts'
import { exit } from '../../kernel/index.ts'
import type { Command, Io } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'
import { onlyService } from '../place.ts'
import { renderTable } from '../table.ts'
import { ago } from '../when.ts'

function stateOf({ failing, lost, waits }: WebhookView): string {
  if (failing) return `not reached: ${failing.because}, ${failing.tries} tries`
  if (lost > 0) return `${lost} given up`
  return waits > 0 ? `${waits} on the way` : 'all delivered'
}

function render(webhooks: readonly WebhookView[], io: Io): string {
  if (webhooks.length === 0)
    return 'No webhook: `notify: [webhook({ … })]` in plimsoll.config.ts makes one.\n'
  const now = Date.now()
  const rows = webhooks.map((one) => [
    one.name,
    String(one.delivered),
    String(one.waits),
    one.deliveredAt === undefined ? '–' : ago(one.deliveredAt, now),
    stateOf(one),
  ])
  return renderTable([['WEBHOOK', 'DELIVERED', 'WAITING', 'LAST', 'STATE'], ...rows], io.stdout)
}

export const webhooks: Command = {
  name: 'webhooks',
  summary:
    'who is told of what happens to a service, and whether that arrives; with --ping a message to try it',
  examples: ['plimsoll webhooks payments', 'plimsoll webhooks payments --ping chat'],
  positionals: '[SERVICE]',
  options: {
    ...serverOptions,
    ping: { type: 'string', value: 'NAME', description: 'send a message to this webhook' },
  },
  async run(input, io) {
    const client = await connect(input, io)
    const service = await onlyService(client, input.positionals[0])
    const base = `/api/services/${encodeURIComponent(service)}/webhooks`
    const ping = text(input.values.ping)
    if (ping !== undefined) {
      const answer = await client.send('POST', `${base}/${encodeURIComponent(ping)}/ping`, {}, doneAnswer)
      const said = `A message to ${ping} is on its way: \`plimsoll webhooks ${service}\` says what became of it.\n`
      io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : said)
      return exit.yes
    }
    const view = await client.get(base, webhooksView)
    io.stdout.write(input.values.json ? `${JSON.stringify(view)}\n` : render(view.webhooks, io))
    return view.webhooks.some(({ failing }) => failing) ? exit.no : exit.yes
  },
}
