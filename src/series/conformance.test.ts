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
import type { Question } from './conformance/queries.fixture.ts'
import { describeSeries, type Subject } from './conformance.fixture.ts'
import { openSeries } from './embedded/open.ts'
import { memorySeries, toPromql } from './index.ts'
import { type RemoteOptions, remoteSeries } from './remote/remote.ts'

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

async function behind(kind: RemoteOptions['kind'], start: () => Promise<SeriesServer>): Promise<Subject> {
  const server = await start()
  const store = remoteSeries({ kind, url: server.url, onProblem: noProblem })
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
  describeSeries('of a Prometheus', () => behind('prometheus', startPrometheus), { edition: 2 })
})

/**
 * What VictoriaMetrics answers in its own way: rates are not extrapolated but count from the sample before the window, and
 * numbers are kept as decimals of one scale for a block of samples, so that very large and very small ones together
 * lose digits, and what is no number is left out.
 */
const blurs = ['odd', 'wide']
const isOwnWay = ({ query }: Question): boolean => {
  const text = toPromql(query)
  return /rate|increase|delta/.test(text) || blurs.some((name) => text.includes(name))
}

describe.skipIf(victoria.missing)('beside the real one', () => {
  describeSeries('of a VictoriaMetrics', () => behind('victoria-metrics', startVictoriaMetrics), {
    edition: 3,
    differs: isOwnWay,
    keepsNames: true,
    blurs,
  })
})
