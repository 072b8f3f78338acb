import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { requestFiles } from './request-files.ts'
import { type RequestLine, requestText } from './request-line.ts'
import { RequestLog } from './request-log.ts'
import { tailRequests } from './request-tail.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plm-requests-'))
})
afterEach(() => rm(folder, { recursive: true }))

const line = (more: Partial<RequestLine> = {}): RequestLine => ({
  ...{ at: 0, client: '81.2.69.142', method: 'GET', url: '/a?card=4111', end: 'answered', status: 200 },
  ...{ bytes: 5, durationMs: 1.23456, upstreamMs: 1, instance: 'live/0', release: '3f2a', requestId: 'r-1' },
  ...{ traceId: undefined, because: undefined },
  ...more,
})

const parsed = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one))

test('a line says what became of a request, and no query', () => {
  expect(requestText(line(), false)).toBe(
    '{"time":"1970-01-01T00:00:00.000Z","client":"81.2.69.142","method":"GET","path":"/a","end":"answered","status":200,"bytes":5,"durationMs":1.235,"upstreamMs":1,"instance":"live/0","release":"3f2a","requestId":"r-1"}\n',
  )
  expect(parsed(requestText(line(), true))).toMatchObject([{ path: '/a?card=4111' }])
})

test('what a client wrote makes no second line, and no second pair', () => {
  const url = '/"},\n{"status":500\\\x00\xff\u2028'
  const [one, ...more] = parsed(requestText(line({ url, because: '"\n' }), false))
  expect([one.path, one.because, one.status, more]).toEqual([url, '"\n', 200, []])
  expect(parsed(requestText(line({ url: `/${'a'.repeat(9_000)}` }), false))[0].path).toHaveLength(2_048)
  expect(parsed(requestText(line({ url: '/a#b?c' }), false))[0].path).toBe('/a')
})

const numbers = async (last: number): Promise<number[]> => {
  let text = ''
  for await (const bytes of tailRequests(folder, { last, goesOn: false }, new AbortController().signal))
    text += bytes
  return text === '' ? [] : parsed(text).map(({ bytes }) => bytes)
}

test('no more is kept than wanted; the oldest goes, and what is left is whole', async () => {
  const log = new RequestLog(folder, () => true)
  log.serve({ keep: 40_000, query: false })
  for (let i = 0; i < 1_000; i++) {
    log.add(line({ bytes: i }))
    if (i % 20 === 19) await log.close()
  }
  const sizes = await Promise.all(requestFiles(folder).map((file) => stat(file).then(({ size }) => size)))
  // A part ends with the batch that fills it.
  for (const size of sizes) expect(size).toBeLessThan(10_000 + 20 * 250)
  const kept = await numbers(10_000)
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => 1_000 - kept.length + i))
  expect(kept.length).toBeGreaterThan(100)
  for (const last of [0, 1, 30, 100]) expect(await numbers(last)).toEqual(kept.slice(kept.length - last))
  expect(log.seen()).toEqual({ accessLog: { written: 1_000, dropped: 0 } })
})

test('two gateways write the same files; the one that leaves follows the other’s turns', async () => {
  const [leaving, staying] = [new RequestLog(folder, () => false), new RequestLog(folder, () => true)]
  for (const log of [leaving, staying]) log.serve({ keep: 4_000_000, query: false })
  leaving.add(line({ bytes: 1 }))
  await leaving.close()
  const [newest = '', older = ''] = requestFiles(folder)
  await rename(newest, older)
  staying.add(line({ bytes: 2 }))
  await staying.close()
  leaving.add(line({ bytes: 3 }))
  await leaving.close()
  expect(await numbers(9)).toEqual([1, 2, 3])
  expect(parsed(await readFile(newest, 'utf8'))).toHaveLength(2)
  expect((await stat(newest)).mode & 0o777).toBe(0o600)
})

test('a line whose end is missing is ended before the next one', async () => {
  const [newest = ''] = requestFiles(folder)
  await writeFile(newest, '{"half')
  const log = new RequestLog(folder, () => true)
  log.serve({ keep: 1_000_000, query: false })
  log.add(line())
  await log.close()
  expect((await readFile(newest, 'utf8')).split('\n').map((one) => one.length)).toEqual([
    6,
    expect.any(Number),
    0,
  ])
})

test('where nothing can be written, lines are counted and requests go on; later ones are written again', async () => {
  const log = new RequestLog(join(folder, 'gone'), () => true)
  log.serve({ keep: 1_000_000, query: false })
  for (let i = 0; i < 3; i++) log.add(line())
  await log.close()
  expect(log.seen()).toEqual({ accessLog: { written: 0, dropped: 3, because: 'ENOENT' } })
})

test('a disk that is too slow costs lines, not memory', async () => {
  const log = new RequestLog(folder, () => true)
  log.serve({ keep: 100_000_000, query: false })
  // All in one turn of the event loop: nothing can be written meanwhile.
  for (let i = 0; i < 100_000; i++) log.add(line())
  await log.close()
  const { written = 0, dropped = 0 } = log.seen().accessLog ?? {}
  expect([written + dropped, dropped > 10_000, written > 10_000]).toEqual([100_000, true, true])
})

test('whoever follows hears what comes, also from the next part', async () => {
  const log = new RequestLog(folder, () => true)
  log.serve({ keep: 1_000, query: false })
  const gone = new AbortController()
  const heard: number[] = []
  const following = (async () => {
    for await (const bytes of tailRequests(folder, { last: 9, goesOn: true }, gone.signal))
      for (const one of parsed(String(bytes))) {
        heard.push(one.bytes)
        if (one.bytes === 4) gone.abort()
        else {
          log.add(line({ bytes: one.bytes + 1, url: `/${'a'.repeat(300)}` }))
          await log.close()
        }
      }
  })()
  log.add(line({ bytes: 0 }))
  await log.close()
  await following
  expect(heard).toEqual([0, 1, 2, 3, 4])
})
