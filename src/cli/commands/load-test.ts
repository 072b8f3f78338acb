import { type LoadTestView, loadTestAnswer, loadTestView } from '../../contract/index.ts'
import { realClock } from '../../host/index.ts'
import { type ExitCode, exit, PlimsollError } from '../../kernel/index.ts'
import type { Client } from '../client.ts'
import type { Command, Io, Screen } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'
import { createLive } from '../live.ts'
import { mark } from '../marks.ts'
import { findPlace, here } from '../place.ts'

const exits: Readonly<Record<LoadTestView['standing'], ExitCode>> = {
  passed: exit.yes,
  failed: exit.no,
  cancelled: exit.no,
  skipped: exit.no,
  inconclusive: exit.unknown,
  waiting: exit.unknown,
  running: exit.unknown,
}

/** How it ended, what did not go as it should, and where to read more. */
function renderLoadTest(view: LoadTestView, screen: Screen): string {
  const { standing, id, release, text: said, place, rail } = view
  const what = release ? `${release.short} ${release.subject}`.trim() : view.environment
  const wrong = rail.flatMap(({ title, because }) =>
    because === undefined ? [] : [`  ${title}: ${because}\n`],
  )
  const where = place === undefined ? '' : `  in ${place}\n`
  return `${mark(standing, screen)}  ${what}: ${said}\n${where}${wrong.join('')}  plimsoll logs ${id}\n`
}

/** The step that goes on, and what it waits for or how far it is. */
function currentLine(view: LoadTestView): { readonly title: string; readonly more: string } {
  const current = view.rail.findLast(({ standing }) => standing === 'running')
  const more = view.progress ?? current?.because
  return { title: current?.title ?? view.text, more: more === undefined ? '' : ` – ${more}` }
}

async function follow(client: Client, id: string, io: Io): Promise<LoadTestView> {
  const live = createLive(io.stderr, realClock)
  let told = ''
  try {
    for (;;) {
      const view = await client.get(`/api/load-tests/${encodeURIComponent(id)}`, loadTestView)
      if (view.endedAt !== undefined) return view
      const { title, more } = currentLine(view)
      const line = `${mark('running', io.stderr)}  ${title}`
      if (title !== told) live.say(line)
      told = title
      live.show([`${line}${more}`])
      await realClock.until(realClock.now() + 500, io.signal)
      if (io.signal?.aborted) throw new PlimsollError('PLM_USAGE', 'interrupted; the load test goes on')
    }
  } finally {
    live.end()
  }
}

export const loadTest: Command = {
  name: 'load test',
  summary: 'measures what runs in an environment: frozen, woken, seeded, measured, and put to sleep again',
  examples: ['plimsoll load test perf', 'plimsoll load test payments perf --reason "new database" --no-wait'],
  positionals: '[SERVICE] [ENVIRONMENT]',
  options: {
    ...serverOptions,
    reason: { type: 'string', value: 'TEXT', description: 'why; kept with the load test' },
    'no-wait': { type: 'boolean', description: 'return as soon as it is accepted' },
  },
  async run(input, io) {
    const client = await connect(input, io)
    const place = await findPlace(client, input.positionals)
    const reason = text(input.values.reason)
    const address = `/api/services/${encodeURIComponent(place.service.name)}/environments/${encodeURIComponent(place.environment.name)}/load-tests`
    const answer = await client.send('POST', address, reason === undefined ? {} : { reason }, loadTestAnswer)
    if (input.values['no-wait']) {
      const said = `${answer.loadTest} was accepted: ${here(place)} is measured when its turn comes\n`
      io.stdout.write(input.values.json ? `${JSON.stringify(answer)}\n` : said)
      return exit.yes
    }
    const view = await follow(client, answer.loadTest, io)
    io.stdout.write(input.values.json ? `${JSON.stringify(view)}\n` : renderLoadTest(view, io.stdout))
    return exits[view.standing]
  },
}
