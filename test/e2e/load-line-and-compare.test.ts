import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { locatedLine } from '../../src/load/plan/line/index.ts'
import { compiled } from '../support/compiled.ts'

const exec = promisify(execFile)
const bin = fileURLToPath(new URL('../../bin/plimsoll.cjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-load-'))
const env = { PATH: process.env.PATH ?? '', HOME: folder, LANG: 'C.UTF-8', ...compiled }
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

const plimsoll = (...args: string[]): Promise<Ended> =>
  exec(process.execPath, [bin, ...args], { env, cwd: folder }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Ended) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
  )

describe('plimsoll load line', { timeout: 180_000 }, () => {
  it('finds what a service carries that answers one request after the other', async () => {
    // Three milliseconds each: no more than 333 in a second.
    let freeAt = 0
    const bucket = createServer((_, response) => {
      freeAt = Math.max(freeAt, performance.now()) + 3
      setTimeout(() => response.end('x'), Math.max(0, freeAt - performance.now()))
    })
    await new Promise<void>((resolve) => bucket.listen(0, '127.0.0.1', resolve))
    try {
      const url = `http://127.0.0.1:${(bucket.address() as AddressInfo).port}/`
      const ended = await plimsoll(
        ...['load', 'line', url, '--slo', 'p99<150ms', '--trial', '1s', '--budget', '60s', '--json'],
        ...['--report', 'line.html', '--report', 'line.md'],
      )
      const result = locatedLine.parse(JSON.parse(ended.stdout))
      expect([result.verdict, ended.code]).toEqual(['found', 0])
      expect(result.ratePerSecond).toBeGreaterThan(250)
      expect(result.ratePerSecond).toBeLessThan(420)
      expect(result.limitedBy).not.toBeNull()
      expect(readFileSync(join(folder, 'line.html'), 'utf8')).toMatch(
        /Load line found<\/span>: carries \d+\/s/,
      )
      expect(readFileSync(join(folder, 'line.md'), 'utf8')).toMatch(
        /^### ✅ Load line found: carries \d+\/s \(95 %/,
      )
    } finally {
      bucket.closeAllConnections()
      bucket.close()
    }
  })

  it.each([
    [['load', 'line', 'http://127.0.0.1/'], /--slo is missing/],
    [
      ['load', 'line', 'http://127.0.0.1/', '--slo', 'errors<1%'],
      /errors<1% is no objective for a load line/,
    ],
    [
      ['load', 'line', 'http://127.0.0.1/', '--slo', 'p99<1s', '--min', '9', '--max', '3'],
      /--min 9 is not below --max 3/,
    ],
  ])('refuses %j', async (args, said) => {
    const ended = await plimsoll(...args)
    expect([ended.code, ended.stdout]).toEqual([2, ''])
    expect(ended.stderr).toMatch(said)
  })
})

describe('plimsoll load compare', { timeout: 300_000 }, () => {
  const repository = join(folder, 'repository')
  /** No other test starts the same. */
  const start = `node server.js ${basename(folder)}`
  const serverOf = (waitMs: number) => `
    require('node:http')
      .createServer((_, response) => {
        for (const until = performance.now() + ${waitMs}; performance.now() < until; );
        response.end('fine')
      })
      .listen(process.env.PORT, '127.0.0.1')
    process.on('SIGTERM', () => process.exit(0))`

  const git = (...args: string[]) =>
    exec('git', ['-C', repository, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args])

  beforeAll(async () => {
    await exec('git', ['init', '--quiet', '--initial-branch', 'main', repository])
    writeFileSync(join(repository, 'server.js'), serverOf(1))
    await git('add', '--all')
    await git('commit', '--quiet', '--message', 'Answer')
  })

  const compare = (...args: string[]): Promise<Ended> =>
    exec(process.execPath, [bin, 'load', 'compare', ...args], {
      env: { ...env, PLIMSOLL_SERVER: 'http://127.0.0.1:1' },
      cwd: repository,
    }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: Ended) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
    )

  it('fails a working tree that is twice as slow, and leaves nothing behind', async () => {
    writeFileSync(join(repository, 'server.js'), serverOf(2))
    // Nine or ten of the shortest rounds fit, and six can decide on a difference as large.
    const ended = await compare(
      ...['--base', 'main', '--start', start, '--slo', 'p99<250ms', '--budget', '85s', '--json'],
      ...['--report', 'comparison.md', '--report', 'comparison.json'],
    )
    const found = JSON.parse(ended.stdout)
    expect([found.verdict, ended.code]).toEqual(['fail', 1])
    expect(found.text).toMatch(/^your working tree carries \d+ % less than main \(95 %/)
    expect(found.about.base.exactly).toMatch(/^[0-9a-f]{40}$/)
    expect(found.primary.estimate).toBeLessThan(-0.3)
    const report = (kind: string) => readFileSync(join(repository, `comparison.${kind}`), 'utf8')
    expect(report('md')).toMatch(/^### ❌ Fail: your working tree carries/)
    expect(JSON.parse(report('json'))).toEqual(found)
    const { stdout } = await exec('ps', ['-eo', 'args'])
    expect(stdout.split('\n').filter((line) => line === start)).toEqual([])
  })

  it('says what a side printed that does not start', async () => {
    const ended = await compare(
      '--base',
      'main',
      '--start',
      'echo no database >&2; exit 7',
      '--slo',
      'p99<1s',
    )
    expect([ended.code, ended.stdout]).toEqual([3, ''])
    expect(ended.stderr).toMatch(/PLM_LOAD_TARGET[\s\S]*main: it ended with 7[\s\S]*main: no database/)
  })

  it.each([
    [[], /--base is missing/],
    [['--base', 'nowhere', '--start', 'x', '--slo', 'p99<1s'], /nowhere is neither an address/],
    [['--base', 'main', '--slo', 'p99<1s'], /nothing says how main is started/],
    [['--base', 'main', '--start', 'x'], /--slo is missing/],
    [
      ['--base', 'http://192.0.2.1/', '--start', 'x', '--slo', 'p99<1s'],
      /is not on this machine: say --production N/,
    ],
  ])('refuses %j', async (args, said) => {
    const ended = await compare(...args)
    expect([ended.code, ended.stdout]).toEqual([2, ''])
    expect(ended.stderr).toMatch(said)
  })
})
