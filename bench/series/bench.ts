import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serverFlags } from '../../src/server/processes/server-flags.ts'
import { needs } from '../../test/support/requirements.ts'
import { startPrometheus, startVictoriaMetrics } from '../../test/support/series-servers.ts'
import { numberOption, textOption } from '../options.ts'
import { ingestHere, ingestThere, type Scrapes } from './ingest.ts'
import { hour, type Other, show } from './parts.ts'
import { askHere, askThere } from './queries.ts'
import { record } from './record.ts'
import { createRecording, type Recorded, readRecording } from './recording.ts'
import { replay } from './replay.ts'

function memoryAt(count: number, hours: number): void {
  const program = fileURLToPath(new URL('./memory.ts', import.meta.url))
  // As the server runs: what was compiled once is kept, and found by the second process.
  const env = { ...process.env, NODE_COMPILE_CACHE: mkdtempSync(join(tmpdir(), 'plimsoll-bench-compiled-')) }
  const measured = (
    ...args: readonly string[]
  ): Record<'bare' | 'most' | 'flushMs' | 'slowestMs', number> => {
    const { stdout } = spawnSync(process.execPath, [...serverFlags, program, ...args], {
      encoding: 'utf8',
      env,
    })
    return JSON.parse(stdout)
  }
  measured('500', '0.01')
  const { bare, most, flushMs, slowestMs } = measured(String(count), String(hours))
  rmSync(env.NODE_COMPILE_CACHE, { recursive: true })
  console.log(
    `\nmemory with ${count} series for ${hours} h: ${most.toFixed(0)} MB at most, ${bare.toFixed(0)} MB before the first\na flush of what they say in 15 s: ${flushMs.toFixed(0)} ms (median), ${slowestMs.toFixed(0)} ms at most`,
  )
}

const others: readonly Other[] = [
  ['prometheus', 'prometheus', startPrometheus],
  ['victoria-metrics', 'victoria-metrics', startVictoriaMetrics],
]

/** Those that are installed. */
const there = () => others.filter(([, kind]) => !needs(kind).missing)

const describeRecording = (recorded: readonly Recorded[]): string =>
  new Intl.ListFormat('en-GB').format(
    recorded.map(({ job, scrapes }) => `${scrapes.length} scrapes of ${job}`),
  )

/** What was said, kept by each store. */
async function runIngestion(args: readonly string[]): Promise<void> {
  const seconds = numberOption(args, 'seconds', 20)
  const hours = numberOption(args, 'hours', 6)
  const everyMs = 1_000 * numberOption(args, 'every', 15)
  const from = textOption(args, 'recording')
  const recorded = from === undefined ? await record(seconds) : readRecording(from)
  const begin = Math.floor((Date.now() - hours * hour) / (2 * hour)) * 2 * hour
  const scrapes: Scrapes = () => replay(recorded, begin, (hours * hour) / everyMs, everyMs)
  const rows = [await ingestHere(scrapes)]
  for (const other of there()) rows.push(await ingestThere(other, scrapes))
  show(`${describeRecording(recorded)}, replayed as ${hours} h, every ${everyMs / 1_000} s`, rows)
}

async function runQueries(): Promise<void> {
  const end = Math.floor(Date.now() / hour) * hour
  const answers = [await askHere(end)]
  for (const other of there()) answers.push(await askThere(other, end))
  show('30 days of one series, ms (the first time, then the median of four)', answers)
}

const parts: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  ingest: runIngestion,
  queries: runQueries,
  memory: async (args) =>
    memoryAt(numberOption(args, 'series', 10_000), numberOption(args, 'memory-hours', 0.5)),
}

/** `npm run bench -- series`: see bench/README.md. */
export async function run(args: readonly string[]): Promise<void> {
  const to = textOption(args, 'record')
  if (to !== undefined) {
    const recorded = await record(numberOption(args, 'seconds', 20), createRecording(to))
    console.log(describeRecording(recorded))
    return
  }
  const only = textOption(args, 'only')
  for (const [name, measure] of Object.entries(parts))
    if (only === undefined || only === name) await measure(args)
}
