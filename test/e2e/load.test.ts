import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LoadResult, loadResult } from '../../src/load/result.ts'
import { compiled } from '../support/compiled.ts'
import { until } from '../support/story.ts'

const exec = promisify(execFile)
const bin = fileURLToPath(new URL('../../bin/plimsoll.cjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-load-'))
const env = { PATH: process.env.PATH ?? '', HOME: folder, LANG: 'C.UTF-8', ...compiled }

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string }

const plimsoll = (...args: string[]): Promise<Ended> =>
  exec(process.execPath, [bin, ...args], { env, cwd: folder }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Ended) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
  )

let server: Server
let base: string
/** That the server was asked so far. */
let requests = 0
const payments = new Map<string, string>()

beforeAll(async () => {
  server = createServer(async (request, response) => {
    requests += 1
    let body = ''
    for await (const piece of request) body += piece
    const id = /^\/payments\/(\d+)$/.exec(request.url ?? '')?.[1]
    if (request.method === 'POST') {
      const made = String(payments.size + 1)
      payments.set(made, body)
      response.writeHead(201).end(JSON.stringify({ id: made }))
    } else if (request.url === '/slow') setTimeout(() => response.end('late'), 60)
    else if (id === undefined) response.end('fine')
    else response.writeHead(payments.has(id) ? 200 : 404).end(JSON.stringify({ id }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

const short = ['--duration', '1s', '--warm-up', '0s'] as const

/** The first example of docs/load.md in this language. */
function example(language: string): string {
  const page = readFileSync(fileURLToPath(new URL('../../docs/load.md', import.meta.url)), 'utf8')
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(page)?.[1] ?? ''
}

describe('plimsoll load', { timeout: 60_000 }, () => {
  it('passes, and says what it found', async () => {
    const ended = await plimsoll('load', `${base}/`, '--rate', '50', '--threshold', 'p99<10s', ...short)
    expect(ended.stderr).toBe('')
    expect(ended.stdout).toMatch(/^✓ passed {2}the threshold was met\n[\s\S]*✓ met {6}p99<10s/)
    expect(ended.code).toBe(0)
  })

  it('fails with exit code 1 when a threshold is missed', async () => {
    const ended = await plimsoll('load', `${base}/slow`, '--rate', '50', '--threshold', 'p50<20ms', ...short)
    expect(ended.stdout).toMatch(/✗ failed {2}the threshold was missed/)
    expect(ended.code).toBe(1)
  })

  it('is inconclusive with exit code 3 when the load could not be made', async () => {
    // A scenario that keeps its thread busy: the requests of others are sent late, whatever the service does.
    writeFileSync(
      join(folder, 'busy.load.ts'),
      `import { scenario } from 'plimsoll/load'
      export default scenario('counts', async (user) => {
        for (const until = performance.now() + 80; performance.now() < until; );
        await user.get('/')
      })`,
    )
    const ended = await plimsoll(
      'load',
      'busy.load.ts',
      '--base-url',
      base,
      '--rate',
      '20',
      '--json',
      ...short,
    )
    const result: LoadResult = loadResult.parse(JSON.parse(ended.stdout))
    expect(result.verdict).toBe('inconclusive')
    expect(result.reasons[0]?.text).toMatch(/^the generator, not your service: /)
    expect(result.counts.sent + result.counts.unsent).toBe(result.counts.scheduled)
    expect(ended.code).toBe(3)
  })

  it('runs the scenario of the documentation, and writes every kind of report', async () => {
    writeFileSync(join(folder, 'checkout.load.ts'), example('ts'))
    const kinds = ['html', 'md', 'json', 'hdr']
    const reports = kinds.flatMap((kind) => ['--report', `report.${kind}`])
    const ended = await plimsoll(
      ...['load', 'checkout.load.ts', '--base-url', base, '--users', '2', ...reports],
      ...['--threshold', 'p99<10s', '--json', '--duration', '2s', '--warm-up', '0s'],
    )
    const result: LoadResult = loadResult.parse(JSON.parse(ended.stdout))
    expect([result.verdict, ended.code]).toEqual(['pass', 0])
    expect(result.thresholds.map(({ text }) => text)).toEqual(['p99<2s', 'checks>99%', 'p99<10s'])
    expect(result.checks.map(({ name, failed }) => [name, failed])).toEqual([
      ['created', 0],
      ['found again', 0],
    ])
    expect(result.requests.map(({ name }) => name).sort()).toEqual(['GET /payments/ID', 'POST /payments'])
    const [html, md, json, hdr] = kinds.map((kind) => readFileSync(join(folder, `report.${kind}`), 'utf8'))
    expect(html).toMatch(/^<!doctype html>[\s\S]*Load test passed/)
    expect(md).toMatch(/^### ✅ Load test passed/)
    expect(JSON.parse(json ?? '')).toEqual(result)
    // Histograms that are packed begin so, whoever wrote them.
    expect(hdr).toMatch(/^HISTF/)
  })

  it('asks several addresses of a list in turn', async () => {
    writeFileSync(join(folder, 'urls.txt'), `# what people do\n/look\nPOST ${base}/payments\n`)
    const ended = await plimsoll(
      ...[
        'load',
        'urls.txt',
        `${base}/more`,
        '--base-url',
        base,
        '--rate',
        '60',
        '--even',
        '--json',
        ...short,
      ],
      ...['--threshold', 'p99<10s'],
    )
    const result: LoadResult = loadResult.parse(JSON.parse(ended.stdout))
    expect([result.verdict, result.target]).toEqual(['pass', 'urls.txt and 1 more'])
    expect(result.requests.map(({ name, counts }) => [name, counts.answered])).toEqual([
      ['GET /look', 20],
      ['POST /payments', 20],
      ['GET /more', 20],
    ])
  })

  it('says of every option what is wrong with it', async () => {
    const ended = await plimsoll(
      ...['load', `${base}/`, '--rate', 'many', '--users', '1.5', '--warm-up', 'soon'],
      ...['--threshold', 'p99<250', '--threshold', 'p9x<2s', '--header', 'no colon', '--body', '@nowhere'],
    )
    expect([ended.code, ended.stdout]).toEqual([2, ''])
    expect(
      ended.stderr.match(/^.*(--rate is|--users is|--warm-up is|p99<250|p9x|no colon|nowhere).*$/gm),
    ).toHaveLength(7)
  })

  it.each([
    [['load'], /expected an address/],
    [['load', 'localhost:8080/'], /Did you mean http:\/\/localhost:8080\/\?/],
    [['load', 'nowhere.ts'], /nowhere\.ts is neither an address .* nor a file/],
    [['load', 'http://127.0.0.1/', '--report', 'x.pdf'], /x\.pdf must end in one of \.html/],
    [['load', 'http://127.0.0.1/', '--rate', '1', '--users', '1'], /--rate and --users exclude each other/],
  ])('refuses %j', async (args, said) => {
    const ended = await plimsoll(...args)
    expect([ended.code, ended.stdout]).toEqual([2, ''])
    expect(ended.stderr).toMatch(said)
  })

  it('tells what it knows when it is interrupted', async () => {
    const child = spawn(
      process.execPath,
      [bin, 'load', `${base}/`, '--rate', '50', '--json', '--duration', '60s', '--warm-up', '0s'],
      { env, cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let out = ''
    child.stdout.on('data', (bytes) => {
      out += bytes
    })
    const before = requests
    await until('some requests', async () => (requests > before + 30 ? true : undefined))
    child.kill('SIGINT')
    const code = await new Promise((resolve) => child.once('close', resolve))
    const result: LoadResult = loadResult.parse(JSON.parse(out))
    expect(result).toMatchObject({ verdict: 'inconclusive', stoppedEarly: 'it was interrupted' })
    expect(result.counts.answered).toBeGreaterThan(20)
    expect(code).toBe(130)
  })
})
