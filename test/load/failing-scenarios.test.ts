import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Load } from '../../src/load/engine/engine-plan.ts'
import { type Asked, expectWhole, open, planOf, runWhole } from '../../src/load/load-test.fixture.ts'
import { runLoadTest } from '../../src/load/load-test.ts'
import { loadResult } from '../../src/load/result.ts'
import { answer, startTarget, type Target } from '../../src/load/target.fixture.ts'
import { compiled } from '../support/compiled.ts'

const exec = promisify(execFile)
const bin = fileURLToPath(new URL('../../bin/plimsoll.cjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-scenarios-'))
let count = 0
let fine: Target

beforeAll(async () => {
  let n = 0
  // Every second answer is none.
  fine = await startTarget((socket) => (n++ % 2 === 0 ? socket.write(answer('fine')) : socket.end()))
})
afterAll(async () => {
  await fine.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A scenario file with this code. */
function fileOf(code: string): string {
  const file = join(folder, `scenario-${count++}.ts`)
  writeFileSync(file, `import { rows, scenario } from 'plimsoll/load'\n${code}`)
  return file
}

const run = (code: string, load: Load = open(20, 1_000), more: Asked = {}) =>
  runWhole({ is: 'scenarios', file: fileOf(code), baseUrl: fine.url }, load, {
    thresholds: ['p99<10s'],
    timeoutMs: 1_000,
    ...more,
  })

describe('a scenario that', { timeout: 60_000 }, () => {
  it('throws before it asks for anything leaves nothing known, and says why', async () => {
    const result = await run(`export default scenario('x', async () => { throw new Error('no card') })`)
    expect(result).toMatchObject({ verdict: 'inconclusive', counts: { scheduled: 0 }, users: { failed: 20 } })
    expect(result.reasons.map(({ text }) => text)).toEqual([
      'nothing was scheduled in the measured time',
      expect.stringMatching(/^the scenario failed 20 times: scenario-\d+\.ts:2: no card$/),
    ])
  })

  it('asks a name without an address says which', async () => {
    const result = await run(
      `export default scenario('x', async (user) => { await user.get('http://no-such-host.invalid/') })`,
    )
    expect(result.verdict).toBe('inconclusive')
    expect(result.reasons[1]?.text).toContain('no-such-host.invalid has no address')
  })

  it('leaves promises and timers behind goes on, and is told where', async () => {
    const result = await run(
      `export default scenario('x', async (user) => {
        void user.get('/').then((answer) => answer.json())
        setTimeout(() => { throw new Error('too late') }, 5)
        await user.think(50)
      })`,
    )
    expect(result).toMatchObject({ verdict: 'fail', counts: { scheduled: 20, answered: 10, failed: 10 } })
    expect(result.scenarioErrors).toEqual([
      { because: expect.stringMatching(/^scenario-\d+\.ts:4: too late$/), count: 20 },
      { because: expect.stringContaining('is not valid JSON'), count: 10 },
    ])
  })

  it('never ends is not waited for, whatever it still has in flight', async () => {
    const silent = await startTarget(() => {})
    try {
      const file = fileOf(
        `export default scenario('x', async (user) => { void user.get('/'); await new Promise(() => {}) })`,
      )
      const result = await runWhole({ is: 'scenarios', file, baseUrl: silent.url }, open(20, 500))
      expect(result).toMatchObject({ verdict: 'fail', counts: { scheduled: 10, timedOut: 10 } })
      expect(result.users).toEqual({ passed: 0, failed: 0, unfinished: 10 })
    } finally {
      await silent.close()
    }
  })

  it('never gives way is ended', async () => {
    const never = run(`export default scenario('x', async () => { for (;;); })`, open(5, 200), {
      timeoutMs: 200,
      patienceMs: 1_000,
    })
    await expect(never).rejects.toMatchObject({
      code: 'PLM_LOAD_SCENARIO',
      message: expect.stringContaining('computes without ever waiting'),
    })
  })

  it('keeps more and more is ended while what was counted is still there', async () => {
    const file = fileOf(
      // Some 3 MB each: from what is too much to the end there is a tenth of a second, less than any timer is sure of.
      `const kept: unknown[] = []
      export default scenario('x', async (user) => {
        kept.push(Array.from({ length: 60_000 }, (_, i) => ({ i })))
        await user.get('/').catch(() => {})
      })`,
    )
    const env = {
      ...{ PATH: process.env.PATH ?? '', HOME: folder, ...compiled },
      NODE_OPTIONS: '--max-old-space-size=200',
    }
    const args = [
      'load',
      file,
      '--base-url',
      fine.url,
      '--rate',
      '100',
      '--duration',
      '30s',
      '--warm-up',
      '0s',
    ]
    const { stdout, code } = await exec(process.execPath, [bin, ...args, '--json'], { env }).then(
      (ended) => ({ ...ended, code: 0 }),
      (error: { stdout: string; code: number }) => error,
    )
    const result = loadResult.parse(JSON.parse(stdout))
    expectWhole(result)
    expect(result.stoppedEarly).toMatch(
      /^the scenario keeps more and more: its thread used \d+ MB of \d+ MB$/,
    )
    expect([result.verdict, code]).not.toEqual(['pass', 0])
  })

  it('makes up ever new names is counted under so many as there is room for', async () => {
    const result = await run(
      `let n = 0
      export default scenario('x', async (user) => {
        const name = 'number ' + n++
        user.check(name, true)
        await user.get('/', { name }).catch(() => {})
      })`,
      { model: 'closed', users: 4, thinkMs: 1, durationMs: 1_500 },
    )
    expect(result.counts.scheduled).toBeGreaterThan(250)
    expect(result.requests).toHaveLength(201)
    expect(result.requests.at(-1)?.name).toBe('others')
    expect(result.checks).toHaveLength(201)
    expect(result.checks.reduce((sum, { passed }) => sum + passed, 0)).toBe(result.users?.passed)
  })

  it('has no more rows ends, and its rates are of the time that it had', async () => {
    const result = await run(
      `const some = rows(Array.from({ length: 30 }, (_, i) => i), { order: 'once' })
      export default scenario('x', async (user) => { user.take(some); await user.get('/').catch(() => {}) })`,
      open(30, 10_000),
      { workers: 2, thresholds: ['p99<10s', 'rate>5/s'] },
    )
    expect(result).toMatchObject({
      verdict: 'pass',
      stoppedEarly: 'the rows of a feeder are used up',
      counts: { scheduled: 30 },
    })
    expect(result.durationMs).toBeGreaterThan(800)
    expect(result.durationMs).toBeLessThan(2_500)
  })

  it('never comes to the end of its set-up can be interrupted', async () => {
    const file = fileOf(
      `export const setUp = () => new Promise(() => {})
      export default scenario('x', async (user) => { await user.get('/') })`,
    )
    const script = { is: 'scenarios', file, baseUrl: fine.url } as const
    const running = runLoadTest(
      { target: file, plan: planOf(script, open(10, 1_000)), thresholds: [] },
      { signal: AbortSignal.timeout(1_000) },
    )
    await expect(running).rejects.toMatchObject({ message: expect.stringContaining('it was interrupted') })
  })
})
