import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './ports.ts'
import { prometheusPath, victoriaPath } from './requirements.ts'

/** A server that runs for a test or a measurement, in a folder of its own. */
export type SeriesServer = {
  readonly url: string
  readonly folder: string
  readonly pid: number
  /** What its samples take, when it has written them as it keeps them. */
  bytesAtRest(): Promise<number>
  /** Makes what was written visible to queries. */
  settle(): Promise<void>
  stop(): Promise<void>
}

async function untilReady(url: string, child: ChildProcess, said: readonly string[]): Promise<void> {
  const end = Date.now() + 30_000
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`${url} ended: ${said.join('').slice(-2_000)}`)
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await sleep(50)
  }
  throw new Error(`${url} was not ready within 30 s: ${said.join('').slice(-2_000)}`)
}

type Program = {
  readonly path: string
  readonly args: (folder: string, address: string) => readonly string[]
  readonly ready: string
  readonly settle?: string
  /** Asked for before the folder, below its own, is measured. */
  readonly writes: string
  readonly kept: string
}

async function start({ path, args, ready, settle, writes, kept }: Program): Promise<SeriesServer> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-series-server-'))
  const address = `127.0.0.1:${await freePort()}`
  const url = `http://${address}`
  const child = spawn(path, args(folder, address), { stdio: ['ignore', 'ignore', 'pipe'] })
  const said: string[] = []
  child.stderr.on('data', (data) => said.push(String(data)))
  const ended = new Promise((resolve) => child.once('exit', resolve))
  await untilReady(`${url}${ready}`, child, said)
  return {
    url,
    folder,
    pid: child.pid ?? 0,
    async settle() {
      if (settle) await fetch(`${url}${settle}`)
    },
    async bytesAtRest() {
      await fetch(`${url}${writes}`, { method: 'POST' })
      const entries = readdirSync(join(folder, kept), { recursive: true, withFileTypes: true })
      const sizes = entries
        .filter((entry) => entry.isFile())
        .map((entry) => statSync(join(entry.parentPath, entry.name)).size)
      return sizes.reduce((a, b) => a + b, 0)
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const startPrometheus = (): Promise<SeriesServer> =>
  start({
    path: prometheusPath,
    args(folder, address) {
      writeFileSync(join(folder, 'prometheus.yml'), 'global: {}\n')
      return [
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${folder}/data`,
        `--web.listen-address=${address}`,
        '--web.enable-remote-write-receiver',
        '--storage.tsdb.retention.time=1000d',
        '--web.enable-admin-api',
      ]
    },
    ready: '/-/ready',
    writes: '/api/v1/admin/tsdb/snapshot',
    kept: 'data/snapshots',
  })

export const startVictoriaMetrics = (): Promise<SeriesServer> =>
  start({
    path: victoriaPath,
    args: (folder, address) => [
      `-storageDataPath=${folder}/data`,
      `-httpListenAddr=${address}`,
      '-retentionPeriod=1000d',
      '-search.latencyOffset=0s',
    ],
    ready: '/health',
    settle: '/internal/force_flush',
    writes: '/internal/force_merge',
    kept: 'data',
  })
