import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { slicesInTurn } from '../../src/load/compare/slice.ts'
import type { Script } from '../../src/load/engine/engine-plan.ts'
import { open, planOf, requestsTo } from '../../src/load/load-test.fixture.ts'
import { answer, type Behave, startTarget, type Target } from '../../src/load/target.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-turns-'))
const targets: Target[] = []
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(async () => {
  for (const one of targets.splice(0)) await one.close()
})

/** Answers one after the other, each after so long; tells when it began and ended. */
function oneByOne(ms: number, spans: [number, number][]): Behave {
  let free = 0
  return (socket) => {
    const now = performance.now()
    const at = Math.max(now, free) + ms
    free = at
    setTimeout(() => {
      spans.push([now, performance.now()])
      socket.write(answer('x'))
    }, at - now)
  }
}

async function target(behave: Behave) {
  const made = await startTarget(behave)
  targets.push(made)
  return { url: made.url.replace(/\/$/, ''), group: undefined, stop: async () => {} }
}

const turns = { users: { base: 4, change: 4 }, turnMs: 60, turns: 10, warmUpMs: 150 }
const slices = (script: Script, sides: Awaited<ReturnType<typeof both>>, more: Partial<typeof turns> = {}) =>
  slicesInTurn(
    { plan: planOf(script, open(1, 1)), goal: { bad: 0.01, belowMs: 250 } as never },
    sides,
    ['change', 'base'],
    { ...turns, ...more },
  )

const both = async (base: Behave, change: Behave) => ({
  base: await target(base),
  change: await target(change),
})

function scenario(code: string): Script {
  const file = join(folder, `scenario-${Math.random()}.ts`)
  writeFileSync(file, `import { rows, scenario } from 'plimsoll/load'\n${code}`)
  return { is: 'scenarios', file }
}

describe('two releases that take turns', { timeout: 30_000 }, () => {
  it('are never asked at the same time, and each carries what it can', async () => {
    const [ofBase, ofChange]: [number, number][][] = [[], []]
    const sides = await both(oneByOne(4, ofBase ?? []), oneByOne(8, ofChange ?? []))
    const { base, change } = await slices(requestsTo('http://127.0.0.1/'), sides)
    // 250 and 125 a second, less what timers are late.
    const ratio = change.good / change.durationMs / (base.good / base.durationMs)
    expect(ratio).toBeGreaterThan(0.45)
    expect(ratio).toBeLessThan(0.65)
    for (const slice of [base, change]) expect(slice.durationMs).toBeGreaterThan(10 * 60)
    expect(base.answered + change.answered).toBeLessThan((ofBase?.length ?? 0) + (ofChange?.length ?? 0))
    const overlaps = ofBase?.filter(([from, to]) => ofChange?.some(([a, b]) => a < to - 1 && b > from + 1))
    expect(overlaps).toEqual([])
  })

  it('hold the users of a scenario where they ask next', async () => {
    const [ofBase, ofChange]: [number, number][][] = [[], []]
    const sides = await both(oneByOne(2, ofBase ?? []), oneByOne(2, ofChange ?? []))
    const two = scenario(
      "export default scenario('two', async (u) => { await u.get('/a'); await u.get('/b') })",
    )
    const { base, change } = await slices(two, sides)
    for (const { answered, through } of [base, change]) {
      expect(answered).toBeGreaterThan(100)
      // A user may have been half-way when it began to count, and when it ended.
      expect(Math.abs(answered - 2 * through)).toBeLessThanOrEqual(3 * turns.users.base)
    }
    // Held users do not wait at the expense of the service: no answer took as long as a turn of the other.
    expect(base.p99Ms).toBeLessThan(60)
    const overlaps = ofBase?.filter(([from, to]) => ofChange?.some(([a, b]) => a < to - 1 && b > from + 1))
    expect(overlaps).toEqual([])
  })

  it('of which one never answers come to an end', async () => {
    const sides = await both(oneByOne(2, []), () => {})
    const { base, change } = await slices(requestsTo('http://127.0.0.1/'), sides, { turns: 2, warmUpMs: 0 })
    expect(base.good).toBeGreaterThan(10)
    expect(change.good).toBe(0)
    expect(change.durationMs).toBeGreaterThan(2 * 1_000)
  })

  it('are not compared with rows that are used up', async () => {
    const sides = await both(oneByOne(1, []), oneByOne(1, []))
    const few = scenario(`const some = rows([1, 2, 3], { order: 'once' })
export default scenario('few', async (u) => { u.take(some); await u.get('/') })`)
    await expect(slices(few, sides)).rejects.toThrow(/used up/)
  })
})
