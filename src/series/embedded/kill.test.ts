import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { over, series } from '../index.ts'
import { openSeries } from './open.ts'

const program = fileURLToPath(new URL('./kill.fixture.ts', import.meta.url))

/** Runs the process, kills it some time after it began to write. @returns how far it was certain */
async function killedAfter(folder: string, ms: number): Promise<number> {
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  const begun = Promise.withResolvers<void>()
  child.stdout.on('data', (data) => {
    output += data
    if (output.includes('certain')) begun.resolve()
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  await Promise.race([begun.promise, ended])
  await sleep(ms)
  child.kill('SIGKILL')
  await ended
  return Number([...output.matchAll(/certain (\d+)\n/g)].at(-1)?.[1])
}

it('loses nothing that was flushed when it is killed, and nothing in between', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-series-kill-'))
  const random = seededRandom(3)
  let before = 0
  for (let round = 0; round < 3; round++) {
    const certain = await killedAfter(folder, 50 + random.next() * 400)
    expect(certain).toBeGreaterThan(before)
    const store = await openSeries(folder, { onProblem: (problem) => expect.unreachable(problem.message) })
    const [said] = await store.select(series('c_total'), -1, 1e12)
    const values = Array.from(said?.values ?? [])
    expect(values.length).toBeGreaterThanOrEqual(certain)
    expect(values).toEqual(Array.from(values, (_, i) => i))
    const end = (values.length - 1) * 60_000
    const [counted] = await store.instant(over('count_over_time', series('c_total'), end + 1), end)
    expect(counted?.value).toBe(values.length)
    before = values.length
    await store.close()
  }
  // Two hours are 120 of them: rows were sealed on the way.
  expect(before).toBeGreaterThan(240)
  rmSync(folder, { recursive: true })
}, 60_000)
