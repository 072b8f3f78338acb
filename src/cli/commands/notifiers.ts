import { doneAnswer, type NotifierView, notifiersView } from '../../contract/index.ts'
import { exit } from '../../kernel/index.ts'
import type { Command, Io } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'
import { onlyService } from '../place.ts'
import { renderTable } from '../table.ts'
import { ago } from '../when.ts'

function stateOf({ failing, lost, waits }: NotifierView): string {
  if (failing) return `not reached: ${failing.because}, ${failing.tries} tries`
  if (lost > 0) return `${lost} given up`
  return waits > 0 ? `${waits} on the way` : 'all delivered'
}

function render(notifiers: readonly NotifierView[], io: Io): string {
  if (notifiers.length === 0)
    return 'No notifier: `notify: [slack({ … })]` in plimsoll.config.ts makes one.\n'
  const now = Date.now()
  const rows = notifiers.map((one) => [
    one.name,
    one.kind,
    String(one.delivered),
    String(one.waits),
    one.deliveredAt === undefined ? '–' : ago(one.deliveredAt, now),
    stateOf(one),
  ])
  return renderTable([['NOTIFIER', 'BY', 'DELIVERED', 'WAITING', 'LAST', 'STATE'], ...rows], io.stdout)
}

export const notifiers: Command = {
  name: 'notifiers',
  summary:
    'who is told of what happens to a service, and whether that arrives; with --test a message to try it',
  examples: ['plimsoll notifiers payments', 'plimsoll notifiers payments --test chat'],
  positionals: '[SERVICE]',
  options: {
    ...serverOptions,
    test: { type: 'string', value: 'NAME', description: 'send a message to this notifier' },
  },
  async run(input, io) {
    const client = await connect(input, io)
    const service = await onlyService(client, input.positionals[0])
    const base = `/api/services/${encodeURIComponent(service)}/notifiers`
    const tried = text(input.values.test)
    if (tried !== undefined) {
      const answer = await client.send('POST', `${base}/${encodeURIComponent(tried)}/test`, {}, doneAnswer)
      const said = `A message to ${tried} is on its way: \`plimsoll notifiers ${service}\` says what became of it.\n`
      io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : said)
      return exit.yes
    }
    const view = await client.get(base, notifiersView)
    io.stdout.write(input.values.json ? `${JSON.stringify(view)}\n` : render(view.notifiers, io))
    return view.notifiers.some(({ failing }) => failing) ? exit.no : exit.yes
  },
}
