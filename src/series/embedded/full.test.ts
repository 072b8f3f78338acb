import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { series } from '../index.ts'
import type { Status } from './engine.ts'
import { openSeries } from './open.ts'

const program = fileURLToPath(new URL('./full.fixture.ts', import.meta.url))

type Answer = {
  readonly failed?: { readonly code: string; readonly message: string }
  readonly status: Status
  readonly known: number
}

/** A store in a process whose files may be made to grow no more: what a full disk does, without one. */
async function started(folder: string, mostUnwrittenBytes: number) {
  // A write beyond the limit is an error then, not the end of the process.
  const sh = ['-c', 'trap "" XFSZ; exec "$@"', 'sh', process.execPath, program, folder]
  const child = spawn('/bin/sh', [...sh, String(mostUnwrittenBytes)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(child, 'message')
  const tell = async (told: object): Promise<Answer> => {
    child.send(told)
    const [answer] = await once(child, 'message')
    return answer
  }
  const limit = (bytes: string) => execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}:`])
  return {
    append: (from: number, to: number) => tell({ is: 'append', from, to }),
    flush: () => tell({ is: 'flush' }),
    fill: () => limit('4096'),
    makeRoom: () => limit('unlimited'),
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

const emptyFolder = () => mkdtempSync(join(tmpdir(), 'plimsoll-series-full-'))

it('keeps what a full disk does not take, says so, and writes it as soon as there is room', async () => {
  const folder = emptyFolder()
  const store = await started(folder, 2 ** 20)
  await store.append(0, 10)
  expect((await store.flush()).status.failing).toBeUndefined()
  store.fill()
  for (const known of [20, 30]) {
    await store.append(known - 10, known)
    const { failed, status, known: answered } = await store.flush()
    expect(failed).toMatchObject({ code: 'PLM_SERIES_UNWRITTEN' })
    expect(status.failing).toMatchObject({ unwritten: known - 10, since: 19 * 60_000 })
    expect([answered, status.dropped]).toEqual([known, 0])
  }
  store.makeRoom()
  const after = await store.flush()
  expect([after.failed, after.status.failing]).toEqual([undefined, undefined])
  await store.kill()
  const reopened = await openSeries(folder, { onProblem: (problem) => expect.unreachable(problem.message) })
  const [said] = await reopened.select(series('c_total'), -1, 1e12)
  expect(Array.from(said?.values ?? [])).toEqual(Array.from({ length: 30 }, (_, i) => i))
  await reopened.close()
  rmSync(folder, { recursive: true })
}, 30_000)

it('drops what is oldest, and counts it, when what is not written takes too much memory', async () => {
  const folder = emptyFolder()
  const store = await started(folder, 8_000)
  await store.append(0, 1)
  await store.flush()
  store.fill()
  let last: Answer | undefined
  for (let from = 1; from < 3_000; from += 60) {
    await store.append(from, from + 60)
    last = await store.flush()
    expect(last.failed).toMatchObject({ code: 'PLM_SERIES_UNWRITTEN' })
  }
  const { status, known } = last as Answer
  expect(status.dropped).toBeGreaterThan(100)
  expect(known).toBeGreaterThan(60)
  // Each is there, or is counted.
  expect(known + status.dropped).toBe(3_001)
  await store.kill()
  rmSync(folder, { recursive: true })
}, 30_000)
