import { rmSync } from 'node:fs'
import { openSeries } from '../../src/series/embedded/open.ts'
import { over, type Reading, type SeriesStore, select, series } from '../../src/series/index.ts'
import { remoteSeries } from '../../src/series/remote/remote.ts'
import { timed } from './measure.ts'
import { day, folderFor, hour, type Other, onProblem, type Row, settled } from './parts.ts'

/** A counter and a gauge for thirty days, by the quarter of a minute. */
function* thirtyDays(end: number): Generator<Reading[]> {
  for (let from = end - 30 * day; from < end; from += hour)
    yield Array.from({ length: 240 }, (_, i): Reading[] => {
      const at = from + (i + 1) * 15_000
      const n = (at - end) / 15_000 + 30 * 5_760
      return [
        { name: 'long_total', labels: { job: 'bench' }, at, value: 7 * n + (n % 5) },
        {
          name: 'long_gauge',
          labels: { job: 'bench' },
          at,
          value: Math.round(1_000 * Math.sin(n / 300)) / 10,
        },
      ]
    }).flat()
}

async function ask(name: string, store: SeriesStore, end: number): Promise<Row> {
  const total = series('long_total')
  const took = async (what: () => Promise<unknown>) => {
    const { first, median } = await timed(what)
    return `${first.toFixed(0)}, then ${median.toFixed(0)}`
  }
  return {
    store: name,
    figures: {
      'rate, 720 steps': await took(() => store.range(over('rate', total, hour), end - 30 * day, end, hour)),
      'increase of 28 days': await took(() => store.instant(over('increase', total, 28 * day), end - 7)),
      'gauge, 720 steps': await took(() =>
        store.range(select(series('long_gauge')), end - 30 * day, end, hour),
      ),
      'all samples': await took(() => store.select(total, end - 30 * day, end)),
    },
  }
}

async function fill(store: SeriesStore, end: number): Promise<void> {
  let n = 0
  for (const readings of thirtyDays(end)) {
    await store.append(readings)
    if (n++ % 24 === 0) await store.flush()
  }
  await settled(store)
}

export async function askHere(end: number): Promise<Row> {
  const folder = folderFor()
  const filling = await openSeries(folder, { onProblem })
  await fill(filling, end)
  await filling.close()
  const store = await openSeries(folder, { onProblem })
  const row = await ask('plimsoll', store, end)
  await store.close()
  rmSync(folder, { recursive: true })
  return row
}

export async function askThere([name, kind, start]: Other, end: number): Promise<Row> {
  const server = await start()
  const store = remoteSeries({ kind, url: server.url, onProblem })
  await fill(store, end)
  await server.settle()
  const row = await ask(name, store, end)
  await server.stop()
  return row
}
