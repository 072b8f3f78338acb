import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { EnginePlan, Script } from '../engine/engine-plan.ts'
import { processesBehind, watchService } from './index.ts'
import { findListeners } from './listening-process.ts'

const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** A server in a process of its own that does so much with one thread until it ends; tells its port. */
async function startServer(work: string, host = '127.0.0.1'): Promise<{ pid: number; port: number }> {
  const code = `
    const server = require('node:http').createServer((_, response) => response.end('x'))
    server.listen(0, '${host}', () => { console.log(server.address().port); ${work} })`
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [bytes] = await once(child.stdout, 'data')
  return { pid: child.pid ?? 0, port: Number(String(bytes)) }
}

const busy =
  'setImmediate(function burn() { for (const end = performance.now() + 20; performance.now() < end; ); setImmediate(burn) })'

const planOf = (script: Script): EnginePlan => ({
  script,
  load: { model: 'closed', users: 1, thinkMs: 0, durationMs: 0 },
  warmUpMs: 0,
  connections: 1,
  requestsPerConnection: 1,
  timeoutMs: 1_000,
  workers: 1,
  seed: 1,
  insecure: false,
})

const asking = (...urls: string[]): EnginePlan =>
  planOf({ is: 'requests', requests: urls.map((url) => ({ name: url, method: 'GET', url, headers: [] })) })

async function usedOf(plan: EnginePlan, forMs: number) {
  const find = await processesBehind(plan)
  if (!find) return undefined
  const watch = watchService(find)
  watch.sample()
  await sleep(forMs)
  watch.sample()
  return watch.use()
}

describe.runIf(existsSync('/proc/net/tcp'))('a service on this machine', { timeout: 30_000 }, () => {
  it('is the process that listens on its port', async () => {
    const { pid, port } = await startServer('')
    expect(findListeners('127.0.0.1', port)).toEqual([pid])
    const everywhere = await startServer('', '0.0.0.0')
    expect(findListeners('127.0.0.1', everywhere.port)).toEqual([everywhere.pid])
    expect(findListeners('127.0.0.1', 1)).toEqual([])
  })

  it('that is busy in one thread shows that thread, and what that is of all its cores', async () => {
    const { port } = await startServer(busy)
    const use = await usedOf(asking(`http://127.0.0.1:${port}/`, `http://127.0.0.1:${port}/other`), 1_000)
    expect(use?.program).toBe('node')
    // Others may have the machine meanwhile; what it had, its one thread had.
    expect(use?.busiestThreadShare).toBeGreaterThan(0.3)
    expect((use?.cpuShare ?? 0) * availableParallelism()).toBeGreaterThan(
      (use?.busiestThreadShare ?? 0) - 0.05,
    )
    expect((use?.cpuShare ?? 0) * availableParallelism()).toBeLessThan((use?.busiestThreadShare ?? 0) + 0.3)
  })

  it('that has nothing to do uses nothing', async () => {
    const { port } = await startServer('')
    const use = await usedOf(
      planOf({ is: 'scenarios', file: 'x.ts', baseUrl: `http://127.0.0.1:${port}` }),
      300,
    )
    expect(use?.busiestThreadShare).toBeLessThan(0.2)
    expect(use?.cpuShare).toBeLessThan(0.2)
  })

  it('is not known when it is several, elsewhere, or has ended', async () => {
    const { pid, port } = await startServer('')
    const other = await startServer('')
    expect(
      await processesBehind(asking(`http://127.0.0.1:${port}/`, `http://127.0.0.1:${other.port}/`)),
    ).toBeUndefined()
    expect(await processesBehind(asking('http://192.0.2.1/'))).toBeUndefined()
    expect(await processesBehind(planOf({ is: 'scenarios', file: 'x.ts' }))).toBeUndefined()
    process.kill(pid, 'SIGKILL')
    await sleep(200)
    expect(await usedOf(asking(`http://127.0.0.1:${port}/`), 50)).toBeUndefined()
  })
})
