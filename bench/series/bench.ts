import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openSeries } from '../../src/series/embedded/open.ts'
import { over, type Reading, type SeriesStore, select, series } from '../../src/series/index.ts'
import { remoteSeries } from '../../src/series/remote/remote.ts'
import { needs } from '../../test/support/requirements.ts'
import {
  type SeriesServer,
  startPrometheus,
  startVictoriaMetrics,
} from '../../test/support/series-servers.ts'
import { numberOption, textOption } from '../options.ts'
import { bytesIn, cpuMs, residentMb, timed } from './measure.ts'
import { readBack } from './read-back.ts'
import { record } from './record.ts'
import { createRecording, type Recorded, readRecording } from './recording.ts'
import { replay } from './replay.ts'

const hour = 3_600_000
const day = 24 * hour
const onProblem = (problem: Error) => console.error(problem.message)

type Row = { readonly store: string; readonly figures: Readonly<Record<string, string>> }

function show(title: string, rows: readonly Row[]): void {
  const names = Object.keys(rows[0]?.figures ?? {})
  console.log(`\n${title}\n${'store'.padEnd(18)}${names.map((name) => name.padStart(22)).join('')}`)
  for (const { store, figures } of rows)
    console.log(`${store.padEnd(18)}${names.map((name) => (figures[name] ?? '–').padStart(22)).join('')}`)
}

const folderFor = () => mkdtempSync(join(tmpdir(), 'plimsoll-bench-series-'))

/** Seals what is over and waits until it is. */
async function settled(store: SeriesStore): Promise<void> {
  await store.flush()
  await sleep(2_000)
  await store.flush()
}

type Scrapes = () => Generator<Reading[]>

async function ingestHere(scrapes: Scrapes): Promise<Row> {
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
async function ingestThere(
  name: string,
  kind: 'prometheus' | 'victoria-metrics',
  start: () => Promise<SeriesServer>,
  scrapes: Scrapes,
): Promise<Row> {
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

async function askHere(end: number): Promise<Row> {
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

async function askThere(
  name: string,
  kind: 'prometheus' | 'victoria-metrics',
  start: () => Promise<SeriesServer>,
  end: number,
): Promise<Row> {
  const server = await start()
  const store = remoteSeries({ kind, url: server.url, onProblem })
  await fill(store, end)
  await server.settle()
  const row = await ask(name, store, end)
  await server.stop()
  return row
}

function memoryAt(count: number, hours: number): void {
  const program = fileURLToPath(new URL('./memory.ts', import.meta.url))
  const { stdout } = spawnSync(process.execPath, [program, String(count), String(hours)], {
    encoding: 'utf8',
  })
  const { bare, most } = JSON.parse(stdout) as { bare: number; most: number }
  console.log(
    `\nmemory with ${count} series for ${hours} h: ${most.toFixed(0)} MB at most, ${bare.toFixed(0)} MB before the first`,
  )
}

const others = [
  ['prometheus', 'prometheus', startPrometheus],
  ['victoria-metrics', 'victoria-metrics', startVictoriaMetrics],
] as const

const describeRecording = (recorded: readonly Recorded[]): string =>
  new Intl.ListFormat('en-GB').format(
    recorded.map(({ job, scrapes }) => `${scrapes.length} scrapes of ${job}`),
  )

/** `npm run bench -- series`: see bench/README.md. */
export async function run(args: readonly string[]): Promise<void> {
  const seconds = numberOption(args, 'seconds', 20)
  const hours = numberOption(args, 'hours', 6)
  const everyMs = 1_000 * numberOption(args, 'every', 15)
  const there = others.filter(([name]) => !needs(name).missing)
  const to = textOption(args, 'record')
  if (to !== undefined) {
    console.log(describeRecording(await record(seconds, createRecording(to))))
    return
  }
  const from = textOption(args, 'recording')
  const recorded = from === undefined ? await record(seconds) : readRecording(from)
  const begin = Math.floor((Date.now() - hours * hour) / (2 * hour)) * 2 * hour
  const scrapes: Scrapes = () => replay(recorded, begin, (hours * hour) / everyMs, everyMs)
  const rows = [await ingestHere(scrapes)]
  for (const [name, kind, start] of there) rows.push(await ingestThere(name, kind, start, scrapes))
  show(`${describeRecording(recorded)}, replayed as ${hours} h, every ${everyMs / 1_000} s`, rows)

  const end = Math.floor(Date.now() / hour) * hour
  const answers = [await askHere(end)]
  for (const [name, kind, start] of there) answers.push(await askThere(name, kind, start, end))
  show('30 days of one series, ms (the first time, then the median of four)', answers)
  memoryAt(numberOption(args, 'series', 10_000), numberOption(args, 'memory-hours', 0.5))
}
