import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ComparisonEvidence, comparisonEvidence } from '../../src/load/index.ts'

const bin = fileURLToPath(new URL('../../bin/plimsoll.cjs', import.meta.url))

/** Hashes so often for each request; a tenth more is a tenth slower, but for what the server itself takes. */
const work = 400
const slower = 440

const server = `
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
const times = Number(readFileSync(new URL('work', import.meta.url), 'utf8'))
const block = Buffer.alloc(1024, 'x')
createServer((request, response) => {
  for (let i = 0; i < times; i++) createHash('sha256').update(block).digest()
  response.end('done')
}).listen(process.env.PORT, '127.0.0.1')
`

/** A release that hashes so often. */
function release(folder: string, name: string, times: number): string {
  const at = join(folder, name)
  mkdirSync(at)
  writeFileSync(join(at, 'server.mjs'), server)
  writeFileSync(join(at, 'work'), String(times))
  return at
}

function compare(folder: string, change: string, seed: number, budget: string): Promise<ComparisonEvidence> {
  const args = [
    ...[bin, 'load', 'compare', '--base', './base', '--change', `./${change}`, '--start', 'node server.mjs'],
    ...['--slo', 'p99<250ms', '--budget', budget, '--seed', String(seed), '--json'],
  ]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder }, (error, stdout) => {
      const read = comparisonEvidence.safeParse(JSON.parse(stdout || 'null'))
      if (read.success) resolve(read.data)
      else reject(error ?? read.error)
    })
  })
}

const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? '–' : `${(share * 100).toFixed(1)} %`

function tell(what: string, seed: number, { verdict, primary, rounds, elapsedMs }: ComparisonEvidence): void {
  const { interval } = primary
  const cells = [
    what.padEnd(20),
    String(seed).padStart(4),
    verdict.padEnd(13),
    percent(primary.estimate).padStart(8),
    `${percent(interval?.low)} to ${percent(interval?.high)}`.padStart(20),
    String(rounds.used).padStart(7),
    `${Math.round(elapsedMs / 1_000)} s`.padStart(7),
  ]
  console.log(cells.join(' '))
}

const option = (args: readonly string[], name: string, usual: string): string => {
  const at = args.indexOf(`--${name}`)
  return at < 0 ? usual : (args[at + 1] ?? usual)
}

/** Real comparisons: the same release twice, and one that does a tenth more for each request; in turn. */
export async function run(args: readonly string[]): Promise<void> {
  const times = Number(option(args, 'times', '3'))
  const budget = option(args, 'budget', '5m')
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
  try {
    release(folder, 'base', work)
    release(folder, 'same', work)
    release(folder, 'slower', slower)
    console.log(`${times} of each, in turn, ${budget} at most for each`)
    console.log('compared             seed verdict        carries              95 %  rounds    time')
    for (let seed = 1; seed <= times; seed++) {
      tell('the same again', seed, await compare(folder, 'same', seed, budget))
      tell('a tenth more work', seed, await compare(folder, 'slower', seed, budget))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
