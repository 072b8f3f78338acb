import { releasesView } from '../../contract/index.ts'
import { exit } from '../../kernel/index.ts'
import type { Command } from '../command.ts'
import { connect, serverOptions } from '../connect.ts'
import { onlyService } from '../place.ts'
import { renderTable } from '../table.ts'
import { ago } from '../when.ts'

export const releases: Command = {
  name: 'releases',
  summary: 'the releases of a service, where they run and how their tests went',
  examples: ['plimsoll releases', 'plimsoll releases payments --json'],
  positionals: '[SERVICE]',
  options: serverOptions,
  async run(input, io) {
    const client = await connect(input, io)
    const service = await onlyService(client, input.positionals[0])
    const view = await client.get(`/api/services/${encodeURIComponent(service)}/releases`, releasesView)
    if (input.values.json) io.stdout.write(`${JSON.stringify(view)}\n`)
    else if (view.releases.length === 0) io.stdout.write('No release yet: a run that passes makes one.\n')
    else {
      const now = Date.now()
      const rows = view.releases.map((release) => [
        release.short,
        ago(release.builtAt, now),
        release.tests
          ? `${release.tests.passed} ${release.tests.passed === 1 ? 'test' : 'tests'} passed`
          : 'no tests',
        release.runsIn.join(', ') || (release.rejected ? `rejected by ${release.rejected}` : '–'),
        release.subject,
      ])
      io.stdout.write(renderTable(rows, io.stdout))
    }
    return exit.yes
  },
}
