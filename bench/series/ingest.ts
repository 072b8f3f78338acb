import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openSeries } from '../../src/series/embedded/open.ts'
import type { Reading } from '../../src/series/index.ts'
import { remoteSeries } from '../../src/series/remote/remote.ts'
import { bytesIn, cpuMs, residentMb } from './measure.ts'
import { folderFor, hour, type Other, onProblem, type Row, settled } from './parts.ts'
import { readBack } from './read-back.ts'

export type Scrapes = () => Generator<Reading[]>

export async function ingestHere(scrapes: Scrapes): Promise<Row> {
  const folder = folderFor()
  const store = await openSeries(folder, { onProblem })
  const begin = process.cpuUsage()
  let count = 0
  let n = 0
  let last = 0
  for (const readings of scrapes()) {
    count += (await store.append(readings)).taken
    last = readings[0]?.at ?? last
    if (n++ % 20 === 19) await store.flush()
  }
  // So that all of it is over, and sealed: what is measured is how it is kept.
  await store.append([{ name: 'end', labels: {}, at: last + 3 * hour, value: 0 }])
  await settled(store)
  const { user, system } = process.cpuUsage(begin)
  const memory = residentMb(process.pid)
  const { same, all } = await readBack(store, scrapes())
  console.log(`read back identical: ${same} of ${all} series`)
  if (same !== all) throw new Error(`${all - same} series are not read back as they were said`)
  await store.close()
  const atRest = bytesIn(folder, (path) => !path.includes('head.db'))
  const head = bytesIn(folder) - atRest
  rmSync(folder, { recursive: true })
  const micros = (user + system) / count
  return {
    store: 'plimsoll',
    figures: {
      samples: String(count),
      'bytes/sample': (atRest / count).toFixed(2),
      'and head, MB': (head / 2 ** 20).toFixed(1),
      'CPU µs/sample': micros.toFixed(2),
      'of a core at 1000/s': `${(micros / 10).toFixed(2)} %`,
      'memory, MB': memory.toFixed(0),
    },
  }
}

/** Other stores are written to over HTTP: parsing is not in their time, a protocol is. */
export async function ingestThere([name, kind, start]: Other, scrapes: Scrapes): Promise<Row> {
  const server = await start()
  const store = remoteSeries({ kind, url: server.url, onProblem })
  const begin = cpuMs(server.pid)
  let count = 0
  let batch: Reading[] = []
  const send = async () => {
    count += (await store.append(batch)).taken
    batch = []
  }
  for (const readings of scrapes()) if (batch.push(...readings) > 20_000) await send()
  await send()
  await server.settle()
  const micros = ((cpuMs(server.pid) - begin) * 1_000) / count
  // VictoriaMetrics writes what it has in memory within seconds.
  await sleep(6_000)
  const memory = residentMb(server.pid)
  const bytes = await server.bytesAtRest()
  await server.stop()
  return {
    store: name,
    figures: {
      samples: String(count),
      'bytes/sample': (bytes / count).toFixed(2),
      'CPU µs/sample': micros.toFixed(2),
      'of a core at 1000/s': `${(micros / 10).toFixed(2)} %`,
      'memory, MB': memory.toFixed(0),
    },
  }
}
