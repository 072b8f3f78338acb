import { afterEach, describe, expect, it } from 'vitest'
import { open, requestsTo, runWhole } from '../../src/load/load-test.fixture.ts'
import { answer, type Behave, startTarget, type Target } from '../../src/load/target.fixture.ts'

const targets: Target[] = []

async function target(behave: Behave): Promise<Target> {
  const made = await startTarget(behave)
  targets.push(made)
  return made
}

afterEach(async () => {
  for (const one of targets.splice(0)) await one.close()
})

const fast: Behave = (socket) => socket.write(answer('x'))
const lateBy =
  (ms: number): Behave =>
  (socket) =>
    void setTimeout(() => socket.write(answer('x')), ms)
const calm = { thresholds: ['p99<10s'], timeoutMs: 5_000 } as const

describe('several addresses', { timeout: 30_000 }, () => {
  it('are asked in turn, each counted under its own name', async () => {
    const [here, there] = [await target(fast), await target(fast)]
    const urls = [`${here.url}a`, `${here.url}b?x`, `${there.url}b`]
    const result = await runWhole(requestsTo(...urls), open(150, 1_000), calm)
    const counted = result.requests.map(({ name, counts }) => [name, counts.answered])
    expect(counted).toEqual([
      ['GET /a', 50],
      [`GET ${new URL(here.url).host}/b`, 50],
      [`GET ${new URL(there.url).host}/b`, 50],
    ])
    expect([here.requests(), there.requests()]).toEqual([100, 50])
  })

  it('are asked equally often by several workers', async () => {
    const [here, there] = [await target(fast), await target(fast)]
    const result = await runWhole(requestsTo(here.url, there.url), open(200, 1_000), { ...calm, workers: 2 })
    expect(result.counts.answered).toBe(200)
    expect([here.requests(), there.requests()]).toEqual([100, 100])
  })

  it('have one cap together: who waits gets the place of a connection that is idle elsewhere', async () => {
    const [here, there, far] = [await target(lateBy(30)), await target(lateBy(30)), await target(fast)]
    const urls = [here.url, there.url, far.url]
    const users = { model: 'closed', users: 4, thinkMs: 0, durationMs: 1_500 } as const
    const result = await runWhole(requestsTo(...urls), users, { ...calm, connections: 4 })
    expect(result.generator.mostConnections).toBe(4)
    expect(result.counts).toMatchObject({ failed: 0, timedOut: 0 })
    for (const one of targets) expect(one.requests()).toBeGreaterThan(20)
  })

  it('of which one is too slow do not keep the other from being asked', async () => {
    const [slow, good] = [await target(lateBy(400)), await target(fast)]
    const load = open(60, 2_000)
    const result = await runWhole(requestsTo(slow.url, good.url), load, { ...calm, connections: 4 })
    const [late, early] = result.requests.map(({ counts }) => counts)
    // Whoever waits longest is served first, so that both have their turn.
    expect(early?.answered).toBeGreaterThan(5)
    expect(late?.answered).toBeGreaterThan(5)
    expect(result.counts.unsent).toBeGreaterThan(0)
    expect(result.generator.mostConnections).toBe(4)
  })
})

describe('connections', { timeout: 30_000 }, () => {
  /** Counts the connections that were opened. */
  async function counting(behave: Behave = fast): Promise<{ target: Target; opened: () => number }> {
    const seen = new Set<unknown>()
    const made = await target((socket, n) => {
      seen.add(socket)
      behave(socket, n)
    })
    return { target: made, opened: () => seen.size }
  }

  it('are kept, unless they are for so many requests only', async () => {
    const [kept, short] = [await counting(), await counting()]
    const load = open(50, 1_000)
    const keeping = await runWhole(kept.target.url, load, calm)
    const changing = await runWhole(short.target.url, load, { ...calm, requestsPerConnection: 5 })
    // None is opened in the place of another.
    expect(kept.opened()).toBe(keeping.generator.mostConnections)
    expect(kept.opened()).toBeLessThan(25)
    // Of fifty requests, five on each; on those that were left open at the end fewer.
    expect(short.opened()).toBeGreaterThanOrEqual(10)
    expect(short.opened()).toBeLessThanOrEqual(10 + changing.generator.mostConnections)
  })

  it('that are idle for longer than they may are not used again', async () => {
    const [idle, patient] = [await counting(), await counting()]
    await runWhole(idle.target.url, open(2, 3_000), { ...calm, idleMs: 100 })
    await runWhole(patient.target.url, open(2, 3_000), { ...calm, idleMs: 5_000 })
    expect([idle.opened(), patient.opened()]).toEqual([6, 1])
  })

  it('that are fewer than the users let all of them have their turn', async () => {
    const { target: one } = await counting(lateBy(20))
    const users = { model: 'closed', users: 10, thinkMs: 0, durationMs: 1_000 } as const
    const result = await runWhole(one.url, users, { ...calm, connections: 2 })
    expect(result.generator.mostConnections).toBe(2)
    // Ten that wait for two: each of them five turns of 20 ms, none forever.
    expect(result.response.p50Ms).toBeGreaterThan(80)
    expect(result.response.maxMs).toBeLessThan(600)
    expect(result.counts.unsent).toBeLessThanOrEqual(10)
  })

  it('are never more than there are, however many workers were asked for', async () => {
    const { target: one } = await counting()
    const result = await runWhole(one.url, open(50, 500), { ...calm, connections: 1, workers: 3 })
    expect(result.generator).toMatchObject({ workers: 1, mostConnections: 1 })
  })
})
