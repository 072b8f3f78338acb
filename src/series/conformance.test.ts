import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'
import { needs } from '../../test/support/requirements.ts'
import {
  type SeriesServer,
  startPrometheus,
  startVictoriaMetrics,
} from '../../test/support/series-servers.ts'
import { describeSeries, type Subject } from './conformance.fixture.ts'
import { openSeries } from './embedded/open.ts'
import { memorySeries } from './index.ts'
import { remoteSeries } from './remote/remote.ts'

const noProblem = (problem: Error): never => {
  throw problem
}

describeSeries(
  'in memory',
  async () => {
    const store = memorySeries()
    return { store, settle: async () => {}, close: () => store.close() }
  },
  { edition: 3 },
)

describeSeries(
  'in a folder',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-series-'))
    const store = await openSeries(folder, { onProblem: noProblem })
    return {
      store,
      settle: () => store.flush(),
      async close() {
        await store.close()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
  { edition: 3 },
)

async function behind(start: () => Promise<SeriesServer>): Promise<Subject> {
  const server = await start()
  const store = remoteSeries({ url: server.url, onProblem: noProblem })
  return {
    store,
    settle: () => server.settle(),
    async close() {
      await store.close()
      await server.stop()
    },
  }
}

const prometheus = needs('prometheus')
const victoria = needs('victoria-metrics')
for (const { missing, enable } of [prometheus, victoria])
  if (missing) console.log(`skipped: ${missing} (${enable})`)

describe.skipIf(prometheus.missing)('beside the real one', () => {
  describeSeries('of a Prometheus', () => behind(startPrometheus), { edition: 2 })
})

describe.skipIf(victoria.missing)('beside the real one', () => {
  describeSeries('of a VictoriaMetrics', () => behind(startVictoriaMetrics), { edition: 3 })
})
