import { runsView } from '../../contract/index.ts'
import { exit } from '../../kernel/index.ts'
import type { Command } from '../command.ts'
import { connect, serverOptions } from '../connect.ts'
import { mark } from '../marks.ts'
import { renderTable } from '../table.ts'
import { ago } from '../when.ts'

export const runs: Command = {
  name: 'runs',
  summary: 'the latest runs of a service, or of all',
  examples: ['plimsoll runs', 'plimsoll runs payments --json'],
  positionals: '[SERVICE]',
  options: serverOptions,
  async run(input, io) {
    const client = await connect(input, io)
    const [service] = input.positionals
    const path = service ? `/api/services/${encodeURIComponent(service)}/runs` : '/api/runs'
    const view = await client.get(path, runsView)
    if (input.values.json) io.stdout.write(`${JSON.stringify(view)}\n`)
    else if (view.runs.length === 0) io.stdout.write('No run yet: a push starts one.\n')
    else {
      const now = Date.now()
      const rows = view.runs.map((run) => [
        run.id,
        mark(run.standing, io.stdout),
        run.change.short,
        ago(run.startedAt, now),
        run.text,
        run.change.subject,
      ])
      io.stdout.write(renderTable(rows, io.stdout))
    }
    return exit.yes
  },
}
