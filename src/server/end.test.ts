import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { allCommands } from '../engine/index.ts'
import { findCarriers, realClock } from '../host/index.ts'
import { openStore } from '../store/index.ts'
import { endEverything } from './end.ts'
import { cookieOf, thisEngine } from './holding.ts'
import { homeAt, makeHome } from './home.ts'
import { isAllStopped, machineMs, markStopped, unmarkStopped } from './processes/stopped.ts'
import { createGateways } from './world/gateways.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-end-'))
const home = homeAt(folder)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const order = {
  environment: 'hello.production',
  port: 0,
  revision: 1,
  requestTimeoutMs: 1_000,
  healthPath: '/',
  fleets: [],
}

/** What a server had begun when it was killed: nothing is closed in order. */
async function leave(cookie: string, run: string, limitMs?: number): Promise<void> {
  const commands = allCommands({ engine: thisEngine(), folder: home.jobs, clock: realClock, cookie })
  await commands.start(`run/1/${run}/0/1`, {
    argv: ['/bin/sh', '-c', run],
    cwd: folder,
    env: { PATH: process.env.PATH ?? '' },
    secrets: [],
    graceMs: 500,
    log: { maxBytes: 1_000, rotate: false },
    ...(limitMs === undefined ? {} : { timeoutMs: limitMs }),
  })
}

it('ends all that was left running by servers that were killed', async () => {
  await makeHome(home)
  const store = await openStore(home.store)
  const cookie = await cookieOf(store)
  await store.close()
  const ours = () => findCarriers(cookie).map((carrier) => carrier.cookie)
  const gateways = createGateways(home.gateways, '127.0.0.1', '1', { PLIMSOLL_COOKIE: `${cookie}:gateway` })
  await gateways.apply(order, {}, 1)
  await leave(cookie, 'sleep 1000')
  await leave(cookie, 'trap "" TERM; setsid sleep 1000 & sleep 1000', 60_000)
  while (ours().length < 8) await realClock.until(realClock.now() + 20)
  // Begun by the launch pad at this very moment: its folder says nothing of it yet.
  await leave(cookie, 'sleep 999', 60_000)
  await endEverything(home, realClock)
  expect(ours()).toEqual([])
  expect(await isAllStopped(home)).toBe(true)
  // Nor does what was about to begin come later.
  await realClock.until(realClock.now() + 200)
  expect(ours()).toEqual([])
  await endEverything(home, realClock)
})

it('knows a server that was asked for before everything was stopped', async () => {
  const before = machineMs()
  await markStopped(home)
  expect(await unmarkStopped(home, before)).toBe(false)
  expect(await isAllStopped(home)).toBe(true)
  expect(await unmarkStopped(home, machineMs() + 1)).toBe(true)
  expect(await isAllStopped(home)).toBe(false)
})
