import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { numberOption } from '../options.ts'
import { generatorCore, startNginx } from './nginx.ts'

const bin = fileURLToPath(new URL('../../bin/plimsoll.cjs', import.meta.url))
const sampleMs = 1_000
const perMinute = 60_000 / sampleMs
/** Of files that are no connections: code, libraries, pipes. */
const spareFiles = 500

/** Resident memory of a process in MB; undefined once it has ended. */
function residentMb(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024
  } catch {
    return undefined
  }
}

/** Files that a process may have open; Node.js raises its own limit as far as it may. */
function mostFiles(): number {
  const [, soft] = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft)
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Theil and Sen: the median of the slopes between all pairs, MB a minute. */
function slopePerMinute(samples: readonly number[]): number {
  const slopes = samples.flatMap((from, i) =>
    samples.slice(i + 1).map((to, j) => ((to - from) / (j + 1)) * perMinute),
  )
  return median(slopes)
}

type Ran = { readonly samples: readonly number[]; readonly result: Result }

/** As much of a result as is looked at. */
type Result = {
  readonly verdict: string
  readonly reasons: readonly { readonly text: string }[]
  readonly counts: { readonly scheduled: number; readonly answered: number; readonly errors: number }
  readonly answeredPerSecond: number
  readonly generator: { readonly mostConnections: number }
}

async function sampleUntilEnd(child: ChildProcess): Promise<number[]> {
  const samples: number[] = []
  let ended = false
  child.once('close', () => {
    ended = true
  })
  while (!ended) {
    await sleep(sampleMs)
    const mb = residentMb(child.pid ?? 0)
    if (mb !== undefined && !ended) samples.push(mb)
  }
  return samples
}

/** One load test in a process of its own, whose memory is looked at each second. */
async function ran(args: readonly string[]): Promise<Ran> {
  const all = [process.execPath, bin, 'load', ...args, '--warm-up', '2s', '--json', '--threshold', 'p99<60s']
  const child = spawn('taskset', ['-c', generatorCore, ...all], { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout?.on('data', (bytes) => {
    out += bytes
  })
  return { samples: await sampleUntilEnd(child), result: JSON.parse(out) }
}

const mb = (value: number): string => `${value.toFixed(1)} MB`

function tell(what: string, { samples, result }: Ran): void {
  const { counts, answeredPerSecond, generator, verdict, reasons } = result
  const minutes = Array.from({ length: Math.floor(samples.length / perMinute) }, (_, i) =>
    samples[(i + 1) * perMinute - 1]?.toFixed(1),
  )
  // The first minute fills what then stays full: histograms, buffers, compiled code.
  const settled = minutes.length > 1 ? samples.slice(perMinute) : samples
  console.log(what)
  console.log(
    `  ${counts.answered} of ${counts.scheduled} answered, ${answeredPerSecond.toFixed(0)}/s, ${counts.errors} errors, ${generator.mostConnections} connections, ${verdict} ${reasons.map(({ text }) => text).join('; ')}`,
  )
  if (minutes.length > 0) console.log(`  resident at the end of each minute: ${minutes.join(' ')} MB`)
  console.log(
    `  from ${mb(Math.min(...settled))} to ${mb(Math.max(...settled))}${settled === samples ? '' : ' after the first minute'}, peak ${mb(Math.max(...samples))}`,
  )
  if (settled.length > 2)
    console.log(`  slope (Theil–Sen): ${slopePerMinute(settled).toFixed(2)} MB a minute`)
}

/** Memory of the generator: over time at a rate, and with many users. */
export async function run(args: readonly string[]): Promise<void> {
  const [minutes, rate] = [numberOption(args, 'minutes', 10), numberOption(args, 'rate', 10_000)]
  const [seconds, users] = [numberOption(args, 'seconds', 60), numberOption(args, 'users', 10_000)]
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
  const nginx = await startNginx(folder, users + spareFiles)
  try {
    if (minutes > 0) {
      const length = ['--duration', `${Math.round(minutes * 60)}s`]
      tell(`${rate} requests/s for ${minutes} min`, await ran([nginx.url, '--rate', String(rate), ...length]))
    }
    if (seconds > 0 && mostFiles() < users + spareFiles)
      console.log(
        `${users} users: not measured, each needs a file here and one in nginx, and a process may have ${mostFiles()} open: \`ulimit -n ${users + spareFiles}\``,
      )
    else if (seconds > 0) {
      const length = ['--think', '1s', '--duration', `${seconds}s`]
      tell(
        `${users} users who think for 1 s, for ${seconds} s (aim: peak of 150 MB)`,
        await ran([nginx.url, '--users', String(users), ...length]),
      )
    }
  } finally {
    await nginx.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
