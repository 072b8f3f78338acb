import { spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Change } from '../../src/changes/index.ts'
import { allCommands, dockerEngine } from '../../src/engine/index.ts'
import { runLocally } from '../../src/flow/local-run.ts'
import { realClock } from '../../src/host/index.ts'
import { pipelineConfig, releaseConfig, runStanding } from '../../src/pipeline/index.ts'
import { openStore, putJson } from '../../src/store/index.ts'

type Cost = { readonly wallMs: number; readonly cpuMs: number }

const sizes = [1, 100, 1_000] as const
const rounds = 3

const cpuMsOf = (usage: NodeJS.CpuUsage): number => (usage.user + usage.system) / 1_000

/** User and system time of children that have ended, from /proc (clock ticks of 10 ms). */
async function childrenCpuMs(): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  const fields = (await readFile('/proc/self/stat', 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[13]) + Number(fields[14])) * 10
}

async function measure(work: () => Promise<void>): Promise<Cost> {
  const [began, cpu, children] = [performance.now(), process.cpuUsage(), await childrenCpuMs()]
  await work()
  const wallMs = performance.now() - began
  // The time of what a shell started is told when the shell itself has ended.
  await new Promise((resolve) => setTimeout(resolve, 300))
  return {
    wallMs,
    cpuMs: cpuMsOf(process.cpuUsage(cpu)) + (await childrenCpuMs()) - children,
  }
}

/** The least that it can cost: a shell that does nothing, one after the other, `-j2` at a time. */
async function bareSpawns(count: number): Promise<void> {
  let left = count
  const lane = async () => {
    while (left-- > 0)
      await new Promise((resolve) =>
        spawn('/bin/sh', ['-eu', '-c', 'true'], { stdio: 'ignore' }).once('exit', resolve),
      )
  }
  await Promise.all([lane(), lane()])
}

async function makeJ2(folder: string, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, i) => `step${i}`)
  writeFileSync(
    join(folder, 'Makefile'),
    `all: ${names.join(' ')}\n.PHONY: all ${names.join(' ')}\n${names.map((name) => `${name}:\n\t@true;\n`).join('')}`,
  )
  await new Promise((resolve) =>
    spawn('make', ['-j2', '-s'], { cwd: folder, stdio: 'ignore' }).once('exit', resolve),
  )
}

const change = (repository: string, tree: string): Change => ({
  id: tree,
  short: tree.slice(0, 12),
  branch: 'main',
  tree,
  subject: 'bench',
  author: 'bench',
  at: 0,
  repository,
})

/** A repository with one small file. */
function makeRepository(folder: string): Change {
  mkdirSync(folder, { recursive: true })
  const git = (...args: string[]) =>
    spawnSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@b', ...args], {
      cwd: folder,
      encoding: 'utf8',
    }).stdout.trim()
  git('init', '-q', '-b', 'main')
  writeFileSync(join(folder, 'file'), 'x')
  git('add', '-A')
  git('commit', '-q', '-m', 'one')
  return change(join(folder, '.git'), git('rev-parse', 'HEAD^{tree}'))
}

/** One run of `jobs` jobs with `steps` no-op steps each, with a durable store, as a server would. */
async function plimsollRun(folder: string, of: Change, jobs: number, steps: number): Promise<void> {
  const store = await openStore(join(folder, 'store'))
  const engine = dockerEngine(() => '/no/engine/here')
  const commands = allCommands({
    engine,
    folder: join(folder, 'jobs'),
    clock: realClock,
    cookie: `bench-${process.pid}`,
  })
  const job = { steps: Array.from({ length: steps }, () => ({ run: 'true' })) }
  const pipeline = pipelineConfig.parse(
    Object.fromEntries(Array.from({ length: jobs }, (_, i) => [`j${i}`, job])),
  )
  const release = releaseConfig.parse({})
  const awake = setInterval(() => {}, 1_000)
  const state = await runLocally({
    change: of,
    service: 'bench',
    actor: 'bench',
    folder: join(folder, 'work'),
    store,
    commands,
    engine,
    clock: realClock,
    secrets: async () => ({}),
    evaluate: async () => ({ pipeline, release, digest: await putJson(store.blobs, { pipeline, release }) }),
    onState: () => {},
  })
  clearInterval(awake)
  await commands.close()
  await store.close()
  if (runStanding(state) !== 'passed') throw new Error(`the run ${runStanding(state)}`)
}

function fsyncMs(folder: string): number {
  const file = openSync(join(folder, 'fsync'), 'w')
  const times = Array.from({ length: 100 }, () => {
    writeSync(file, Buffer.alloc(4_096))
    const began = performance.now()
    fsyncSync(file)
    return performance.now() - began
  })
  closeSync(file)
  return times.sort((a, b) => a - b)[50] ?? 0
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

type Row = { readonly name: string; readonly count: number; readonly costs: Cost[] }

const perStep = ({ costs, count }: Row, of: (cost: Cost) => number): string =>
  (median(costs.map(of)) / count).toFixed(2).padStart(9)

/** `npm run bench -- pipeline`: what a step costs above a bare spawn, interleaved with its peers. */
export async function run(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
  const of = makeRepository(join(root, 'repository'))
  console.log(
    `fsync of 4 KiB: ${fsyncMs(root).toFixed(2)} ms (median of 100); ${rounds} rounds, interleaved, medians; ms per step`,
  )
  const rows: Row[] = []
  const rowOf = (name: string, count: number): Row => {
    const known = rows.find((row) => row.name === name && row.count === count)
    if (known) return known
    const row: Row = { name, count, costs: [] }
    rows.push(row)
    return row
  }
  let runs = 0
  const fresh = () => {
    const folder = join(root, `run-${runs++}`)
    mkdirSync(folder)
    return folder
  }
  for (let round = 0; round < rounds; round++) {
    for (const count of sizes) {
      rowOf('bare spawn, 2 at a time', count).costs.push(await measure(() => bareSpawns(count)))
      rowOf('make -j2', count).costs.push(await measure(() => makeJ2(fresh(), count)))
      rowOf('one job of N steps', count).costs.push(await measure(() => plimsollRun(fresh(), of, 1, count)))
      if (count > 1)
        rowOf('N/10 jobs of ten steps', count).costs.push(
          await measure(() => plimsollRun(fresh(), of, count / 10, 10)),
        )
    }
  }
  console.log(`${'what'.padEnd(26)}${'steps'.padStart(6)}${'wall'.padStart(9)}${'cpu'.padStart(9)}`)
  for (const row of rows)
    console.log(
      `${row.name.padEnd(26)}${String(row.count).padStart(6)}${perStep(row, (c) => c.wallMs)}${perStep(row, (c) => c.cpuMs)}`,
    )
  rmSync(root, { recursive: true, force: true })
}
