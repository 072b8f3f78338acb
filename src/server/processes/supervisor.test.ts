import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { realClock } from '../../host/index.ts'
import { homeAt } from '../home.ts'
import { endAll } from './end-all.ts'
import { findResident } from './pid-file.ts'
import { createStopOrder, type StopKind } from './stop-order.ts'
import { isAllStopped } from './stopped.ts'
import { supervise } from './supervisor.ts'

const entry = fileURLToPath(new URL('./server.fixture.ts', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'plimsoll-supervisor-'))

afterAll(() => rmSync(root, { recursive: true, force: true }))

function supervised(livesMs: number) {
  const home = homeAt(mkdtempSync(join(root, 'home-')))
  writeFileSync(join(home.folder, 'lives'), String(livesMs))
  const order = createStopOrder()
  const said: string[] = []
  const options = { home, port: 0, host: '', clock: realClock, entry, say: (line: string) => said.push(line) }
  return { home, order, said, options, begin: () => supervise(options, order) }
}

const pause = (durationMs: number) => realClock.until(realClock.now() + durationMs)

const running = async ({ folder, server, supervisor }: ReturnType<typeof homeAt>) => ({
  instance: await findResident(join(folder, 'instance.json')),
  server: await findResident(server),
  supervisor: await findResident(supervisor),
})

const nobody = { instance: undefined, server: undefined, supervisor: undefined }

/** A server lives for 100 ms here, and between two of them there are 400 ms and more: all that may happen does. */
const livesMs = 100
const moments = Array.from({ length: 16 }, (_, i) => i * 65)

describe('a supervisor that is told to stop', { timeout: 60_000 }, () => {
  const stopAt = async (atMs: number, ...kinds: readonly StopKind[]) => {
    const { home, order, begin } = supervised(livesMs)
    const ended = begin()
    await pause(atMs)
    for (const kind of kinds) order.give(kind)
    return { code: await ended, home, left: await running(home) }
  }

  it('leaves nothing running, at whichever moment', async () => {
    const ends = await Promise.all(moments.map((atMs) => stopAt(atMs, 'everything')))
    expect(ends.map(({ code, left }) => ({ code, left }))).toEqual(
      ends.map(() => ({ code: 0, left: nobody })),
    )
    for (const { home } of ends) expect(await isAllStopped(home)).toBe(true)
  })

  it('leaves nothing running when it was to stop the server only, and then everything', async () => {
    const ends = await Promise.all(moments.slice(0, 6).map((atMs) => stopAt(atMs, 'server', 'everything')))
    expect(ends.map(({ left }) => left)).toEqual(ends.map(() => nobody))
  })

  it('leaves instances, and nothing else, when only the server is to stop', async () => {
    const { home, order, begin } = supervised(60_000)
    const ended = begin()
    while (!(await findResident(home.server))) await pause(10)
    order.give('server')
    order.give('server')
    expect(await ended).toBe(0)
    expect(await running(home)).toEqual({ ...nobody, instance: expect.anything() })
    expect(await isAllStopped(home)).toBe(false)
    await endAll(home, entry, realClock)
    expect(await running(home)).toEqual(nobody)
  })

  it('starts a server again that has died, and says so', async () => {
    const { home, order, said, begin } = supervised(livesMs)
    const ended = begin()
    while (said.length < 2) await pause(10)
    order.give('everything')
    expect(await ended).toBe(0)
    expect(said[0]).toMatch(/^the server ended \(by a signal\); instances and gateways go on/)
    expect(await running(home)).toEqual(nobody)
  })
})
