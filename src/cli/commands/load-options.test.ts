import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import type { LoadTest } from '../../load/index.ts'
import { load } from './load.ts'
import { readLoadTest } from './load-options.ts'
import { memoryIo } from './screen.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-load-options-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = (...args: string[]): Promise<LoadTest> => {
  const { values, positionals } = parseArgs({ args, options: load.options, allowPositionals: true })
  return readLoadTest({ values, positionals }, memoryIo(folder))
}

async function problemsOf(...args: string[]) {
  const error = await read(...args).catch((caught) => caught)
  return error.problems as readonly { place?: string; text: string; didYouMean?: string }[]
}

const requestsOf = ({ plan: { script } }: LoadTest) =>
  script.is === 'requests' ? script.requests.map(({ name, body }) => [name, body]) : []

describe('what is loaded', () => {
  it('may be several addresses, and lists of them', async () => {
    writeFileSync(join(folder, 'urls.txt'), 'POST http://a:1/pay\nDELETE http://a:1/pay # no body\n/look\n')
    const base = ['--base-url', 'http://b:2']
    const test = await read('http://a:1/look', 'urls.txt', ...base, '--body', 'x', '-H', 'accept: text/plain')
    const body = Buffer.from('x').toString('base64')
    expect(test.target).toBe('http://a:1/look and 1 more')
    expect(requestsOf(test)).toEqual([
      ['POST a:1/look', body],
      ['POST /pay', body],
      ['DELETE /pay', undefined],
      ['POST b:2/look', body],
    ])
    const { script } = test.plan
    expect(script.is === 'requests' && script.requests.map(({ headers }) => headers)).toEqual(
      Array.from({ length: 4 }, () => [['accept', 'text/plain']]),
    )
  })

  it('is no address that carries a password: it would not be sent, and be read in every report', async () => {
    const [problem, ...more] = await problemsOf('http://user:geheim@a:1/', '--rate', '5')
    expect(more).toEqual([])
    expect(problem?.text).toMatch(/names a user.*--header 'Authorization: Basic …'/)
    expect(problem?.text).not.toContain('geheim')
  })

  it('is told with all that is wrong with it', async () => {
    writeFileSync(join(folder, 'bad.txt'), 'localhost:80/x\nGTE http://a/\n')
    const problems = await problemsOf('bad.txt', 'none.txt', 'pay.ts', '--base-url', 'b', '--rate', '0')
    expect(problems.map(({ place, text }) => place ?? text)).toEqual([
      'b is not an address',
      'bad.txt:1',
      'bad.txt:2',
      'there is no file none.txt',
      'pay.ts is neither an address (http://… or https://…) nor a list of them (.txt)',
      '--rate is 0, expected a number above 0',
    ])
    expect(await problemsOf('localhost:8080/x')).toMatchObject([{ didYouMean: 'http://localhost:8080/x' }])
  })
})

describe('how much', () => {
  it.each([
    [['--profile', 'spike 50..500 for 10s within 1m'], 60_000],
    [['--profile', '10..200 over 1m, soak 200 for 5m'], 360_000],
    [['--rate', '20', '--even', '--duration', '5s'], 5_000],
  ])('may be said as %j', async (args, lengthMs) => {
    const { load } = (await read('http://a/', ...args)).plan
    const stages = load.model === 'open' ? load.stages : []
    expect(stages.reduce((sum, { durationMs }) => sum + durationMs, 0)).toBe(lengthMs)
  })

  it.each([
    [['--think', '1s'], ['--think is for --users: a rate waits for nobody']],
    [['--users', '2', '--even'], ['--even is for a rate: users ask again when they were answered']],
    [['--profile', '10 for 1s', '--duration', '5s'], ['--duration is not for --profile, which says its own']],
    [
      ['--rate', '1', '--users', '1', '--profile', '10 for 1s'],
      ['--rate and --users and --profile exclude each other'],
    ],
  ])('is not said in vain: %j', async (args, texts) => {
    expect((await problemsOf('http://a/', ...args)).map(({ text }) => text)).toEqual(texts)
  })
})
