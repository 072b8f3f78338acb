import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { EnginePlan, Load } from './engine/engine-plan.ts'
import { runLoadTest } from './load-test.ts'
import { constant } from './plan/profile.ts'
import { parseThresholds } from './plan/thresholds.ts'
import type { LoadResult } from './result.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-scenario-'))
let server: Server
let base: string
let count = 0
/** What the server was asked, as `METHOD path`, with the body's digest and what else a test wants to see. */
let asked: { what: string; body: string; headers: IncomingMessage['headers'] }[] = []

const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  '/login': (_, response) =>
    response.setHeader('set-cookie', ['session=abc; Path=/; HttpOnly', 'gone=1; Max-Age=0']).end('in'),
  '/moved': (_, response) => response.writeHead(302, { location: '/there?x=1' }).end(),
  '/round': (_, response) => response.writeHead(307, { location: '/round' }).end(),
  '/zipped': (_, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('{"small":true}')),
  '/brotli': (_, response) => response.setHeader('content-encoding', 'br').end(brotliCompressSync('br')),
  '/deflate': (_, response) => response.setHeader('content-encoding', 'deflate').end(deflateSync('zlib')),
  '/bare': (_, response) => response.setHeader('content-encoding', 'deflate').end(deflateRawSync('bare')),
  '/both': (_, response) =>
    response.setHeader('content-encoding', 'gzip, br').end(brotliCompressSync(gzipSync('both'))),
  '/broken': (_, response) => response.setHeader('content-encoding', 'gzip').end('no gzip'),
  '/see': (_, response) => response.writeHead(303, { location: 'there' }).end(),
  // The same server by another name: to a user that is another host.
  '/away': (request, response) =>
    response.writeHead(308, { location: `http://localhost:${request.socket.localPort}/elsewhere` }).end(),
  '/nowhere': (_, response) => response.writeHead(302, { location: 'mailto:somebody@example.org' }).end(),
  '/missing': (_, response) => response.writeHead(404).end(),
  '/drop': (request) => request.socket.destroy(),
}

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const path = (request.url ?? '').replace(/\?.*/, '')
    asked.push({
      what: `${request.method} ${request.url}`,
      body: Buffer.concat(pieces).toString(),
      headers: request.headers,
    })
    const route = routes[path]
    if (route) route(request, response)
    else
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ id: asked.length, path }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(() => {
  asked = []
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

const once = (users = 1): Load => ({ model: 'closed', users, thinkMs: 60_000, durationMs: 2_000 })
const open = (perSecond: number, durationMs: number): Load => ({
  model: 'open',
  stages: constant(perSecond, durationMs),
  arrivals: 'even',
})

async function run(
  code: string,
  load: Load = once(),
  more: Partial<EnginePlan> = {},
  // Tests share the machine: a send that is late by half a second says nothing here.
  thresholds: readonly string[] = ['p99<10s'],
): Promise<LoadResult> {
  const file = join(folder, `scenario-${count++}.ts`)
  writeFileSync(
    file,
    `import { scenario, csv, jsonLines, rows, generated, RequestFailed } from 'plimsoll/load'\n${code}`,
  )
  const plan: EnginePlan = {
    script: { is: 'scenarios', file, baseUrl: base },
    load,
    warmUpMs: 0,
    connections: 50,
    requestsPerConnection: Number.MAX_SAFE_INTEGER,
    timeoutMs: 1_000,
    workers: 1,
    seed: 1,
    insecure: false,
    ...more,
  }
  return runLoadTest({ target: 'scenario.ts', plan, thresholds: parseThresholds(thresholds).thresholds })
}

const names = (result: LoadResult): string[] =>
  result.requests.filter(({ counts }) => counts.scheduled > 0).map(({ name }) => name)

describe('a scenario', { timeout: 30_000 }, () => {
  it('carries values from answer to request, checks, groups and names', async () => {
    const result = await run(`
      type Created = { id: number }
      export default scenario('two steps', async (user) => {
        const created = (await user.post('/things', { colour: 'red' })).json<Created>()
        user.check('has an id', created.id === 1)
        await user.group('reading', async () => {
          const read = await user.get('/things/' + created.id + '?full=1')
          user.check('is there', read.status === 200 && read.headers.get('content-type') === 'application/json')
          user.check('is blue', read.text().includes('blue'))
        })
        await user.delete('/things/' + created.id, { name: 'remove it' })
      })`)
    expect(asked.map(({ what }) => what)).toEqual([
      'POST /things',
      'GET /things/1?full=1',
      'DELETE /things/1',
    ])
    expect(asked[0]).toMatchObject({
      body: '{"colour":"red"}',
      headers: { 'content-type': 'application/json' },
    })
    expect(names(result)).toEqual(['POST /things', 'reading › GET /things/:id', 'remove it'])
    expect(result.checks).toEqual([
      { name: 'has an id', passed: 1, failed: 0 },
      { name: 'reading › is there', passed: 1, failed: 0 },
      { name: 'reading › is blue', passed: 0, failed: 1 },
    ])
    expect(result).toMatchObject({ verdict: 'pass', users: { passed: 1, failed: 0, unfinished: 0 } })
  })

  it('keeps cookies, follows redirects, undoes compression', async () => {
    const result = await run(`
      export default scenario('browser', async (user) => {
        await user.get('/login')
        const moved = await user.get('/moved')
        user.check('arrived', moved.json<{ path: string }>().path === '/there')
        user.check('stays when told', (await user.get('/moved', { follow: false })).status === 302)
        user.check('unzipped', (await user.get('/zipped')).json<{ small: boolean }>().small)
        user.check('expected', (await user.get('/missing', { expect: [404] })).status === 404)
        try { await user.get('/round') } catch (error) { user.check('ends', error instanceof RequestFailed) }
      })`)
    expect(result.checks.map(({ name, passed }) => `${name} ${passed}`)).toEqual([
      'arrived 1',
      'stays when told 1',
      'unzipped 1',
      'expected 1',
      'ends 1',
    ])
    const [login, ...later] = asked
    expect(login?.headers.cookie).toBeUndefined()
    expect(later.every(({ headers }) => headers.cookie === 'session=abc')).toBe(true)
    expect(result.counts.errors).toBe(0)
  })

  it('understands every coding that browsers do, and tells of one that is broken', async () => {
    const result = await run(`
      export default scenario('coded', async (user) => {
        for (const [path, text] of [['/brotli', 'br'], ['/deflate', 'zlib'], ['/bare', 'bare'], ['/both', 'both']])
          user.check(text, (await user.get(path)).text() === text)
        const broken = await user.get('/broken')
        user.check('status is known', broken.status === 200)
        broken.text()
      })`)
    expect(result.checks.map(({ name, passed }) => `${name} ${passed}`)).toEqual([
      'br 1',
      'zlib 1',
      'bare 1',
      'both 1',
      'status is known 1',
    ])
    expect(result.scenarioErrors).toEqual([
      {
        because: expect.stringMatching(/^scenario-\d+\.ts:8: the body is not gzip: incorrect header check$/),
        count: 1,
      },
    ])
  })

  it('follows redirects as browsers do, and tells no other host what is secret', async () => {
    const headers = `{ headers: { authorization: 'Bearer x', 'content-type': 'text/plain', mine: '1' } }`
    const result = await run(`
      export default scenario('led on', async (user) => {
        await user.post('/see', 'body', ${headers})
        await user.post('/away', 'body', ${headers})
        await user.get('/nowhere')
      })`)
    expect(asked.map(({ what, body }) => [what, body])).toEqual([
      ['POST /see', 'body'],
      ['GET /there', ''],
      ['POST /away', 'body'],
      ['POST /elsewhere', 'body'],
      ['GET /nowhere', ''],
    ])
    expect(
      asked.map((one) => [one.headers.authorization, one.headers['content-type'], one.headers.mine]),
    ).toEqual([
      ['Bearer x', 'text/plain', '1'],
      ['Bearer x', undefined, '1'],
      ['Bearer x', 'text/plain', '1'],
      [undefined, 'text/plain', '1'],
      [undefined, undefined, undefined],
    ])
    expect(result.users).toMatchObject({ failed: 1 })
    expect(result.scenarioErrors[0]?.because).toContain('a redirect to mailto:somebody@example.org')
  })

  it('is judged by a name, of requests and of checks, and by any source', async () => {
    const result = await run(
      `export default scenario('named', async (user) => {
        user.check('even', user.number % 2 === 0)
        user.check('fine', (await user.get('/fine', { name: 'look' })).status === 200)
      })`,
      open(40, 1_500),
      {},
      [
        'checks{fine}>99%',
        'checks{even}<51%',
        'checks{even}<60% over 1s',
        'service.p99{look}<10s',
        'lag.max{look}<10s over 1s',
        'rate{look}>20/s over 1s',
        'errors{look}<1',
      ],
    )
    expect(result.thresholds.map(({ text, is }) => `${text} ${is}`)).toEqual(
      result.thresholds.map(({ text }) => `${text} met`),
    )
  })

  it('sends text, bytes, forms and files as what they are', async () => {
    await run(`
      export default scenario('bodies', async (user) => {
        await user.post('/a', 'plain ü')
        await user.put('/b', new Uint8Array([1, 2, 3]), { headers: { 'content-type': 'image/x' } })
        await user.post('/c', new URLSearchParams({ a: 'b c' }))
        const form = new FormData()
        form.set('field', 'value')
        form.set('file', new Blob(['inside']), 'a.txt')
        await user.patch('/d', form)
        await user.post('/e')
      })`)
    const [text, bytes, form, multipart, nothing] = asked
    expect(text).toMatchObject({
      body: 'plain ü',
      headers: { 'content-type': 'text/plain;charset=UTF-8', 'content-length': '8' },
    })
    expect(bytes).toMatchObject({ body: '\u0001\u0002\u0003', headers: { 'content-type': 'image/x' } })
    expect(form).toMatchObject({ body: 'a=b+c' })
    expect(multipart?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    expect(multipart?.body).toMatch(/name="file"; filename="a.txt"[\s\S]*inside/)
    expect(nothing).toMatchObject({ body: '', headers: { 'content-length': '0' } })
  })

  it('is given rows in order, by chance, or each once, by all workers together', async () => {
    writeFileSync(join(folder, 'cards.csv'), '\uFEFFnumber,holder\r\n1,"Smith, ""J"""\r\n2,Lee\r\n3,\r\n')
    writeFileSync(join(folder, 'lines.jsonl'), '{"n":1}\n\n{"n":2}\n')
    const result = await run(
      `
      const cards = csv(new URL('./cards.csv', import.meta.url))
      const each = rows(Array.from({ length: 40 }, (_, i) => i), { order: 'once' })
      const lines = jsonLines<{ n: number }>(new URL('./lines.jsonl', import.meta.url), { order: 'random' })
      const made = generated((n) => 'made-' + n)
      export default scenario('fed', async (user) => {
        await user.get('/row', { headers: { holder: user.take(cards).holder, made: user.take(made), line: String(user.take(lines).n) } })
        await user.get('/once/' + user.take(each))
      })`,
      open(60, 1_000),
      { workers: 2 },
    )
    const of = (path: string) => asked.filter(({ what }) => what.startsWith(`GET ${path}`))
    // The rows are used up: each was there once, and the run ended.
    expect(
      of('/once/')
        .map(({ what }) => Number(what.slice(10)))
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 40 }, (_, i) => i))
    const holders = new Set(of('/row').map(({ headers }) => headers.holder))
    expect(holders).toEqual(new Set(['Smith, "J"', 'Lee', '']))
    const made = of('/row').map(({ headers }) => headers.made)
    expect(new Set(made).size).toBe(made.length)
    expect(new Set(of('/row').map(({ headers }) => headers.line))).toEqual(new Set(['1', '2']))
    expect(result.counts.errors).toBe(0)
  })

  it('is set up once, and torn down, outside of the results', async () => {
    const result = await run(
      `
      export const setUp = async (user) => ({ token: (await user.post('/set-up')).json().path })
      export const tearDown = async (user) => { await user.post('/tear-down', user.data) }
      export default scenario('with data', async (user) => { await user.get('/x', { headers: { token: user.data.token } }) })`,
      once(3),
      { workers: 2 },
    )
    expect(asked.map(({ what }) => what)).toEqual([
      'POST /set-up',
      'GET /x',
      'GET /x',
      'GET /x',
      'POST /tear-down',
    ])
    expect(asked[1]?.headers.token).toBe('/set-up')
    expect(asked[4]?.body).toBe('{"token":"/set-up"}')
    expect(result.counts.scheduled).toBe(3)
  })

  it('is chosen by weight, and users keep what is theirs', async () => {
    const result = await run(
      `
      export default [
        scenario('often', async (user) => { user.state.n = ((user.state.n as number) ?? 0) + 1; await user.get('/often'); user.check('own', user.state.n <= user.iteration + 1) }, { weight: 9 }),
        scenario('seldom', async (user) => { await user.get('/seldom') }),
      ]`,
      { model: 'closed', users: 5, thinkMs: 1, durationMs: 1_200 },
    )
    const of = (name: string) => result.requests.find((one) => one.name === name)?.counts.answered ?? 0
    const share = of('GET /seldom') / (of('GET /often') + of('GET /seldom'))
    const runs = of('GET /often') + of('GET /seldom')
    // Five standard errors about a tenth.
    expect(Math.abs(share - 0.1)).toBeLessThan(5 * Math.sqrt(0.09 / runs))
    expect(result.checks).toMatchObject([{ name: 'own', failed: 0 }])
  })

  it('that throws is told with the line of its file, and fails the test', async () => {
    const result = await run(
      `export default scenario('broken', async (user) => {
        await user.get('/x')
        throw new Error('no such card')
      })`,
      open(20, 1_000),
    )
    expect(result.verdict).toBe('fail')
    expect(result.scenarioErrors[0]).toMatchObject({
      because: expect.stringMatching(/^scenario-\d+\.ts:4: no such card$/),
      count: 20,
    })
    expect(result.counts).toMatchObject({ scheduled: 20, answered: 20 })
  })

  it('ends where a request has no answer, which is counted once', async () => {
    const result = await run(
      `export default scenario('cut off', async (user) => { await user.get('/drop'); await user.get('/never') })`,
      open(20, 1_000),
    )
    expect(result.counts).toMatchObject({ scheduled: 20, failed: 20 })
    expect(result.users).toMatchObject({ passed: 0, failed: 20 })
    expect(result.scenarioErrors).toEqual([])
    expect(asked.some(({ what }) => what === 'GET /never')).toBe(false)
  })

  it('that never ends is not waited for', async () => {
    const result = await run(
      `export default scenario('endless', async (user) => { await user.get('/x'); await new Promise(() => {}) })`,
      open(10, 500),
      { timeoutMs: 300 },
    )
    expect(result.users).toEqual({ passed: 0, failed: 0, unfinished: 5 })
    expect(result.counts).toMatchObject({ scheduled: 5, answered: 5 })
  })

  it('that takes all the time of its thread is the generator’s fault, not the service’s', async () => {
    const result = await run(
      `export default scenario('busy', async (user) => {
        for (const end = performance.now() + 60; performance.now() < end; );
        await user.get('/x')
      })`,
      open(40, 1_500),
      { timeoutMs: 5_000 },
    )
    expect(result.verdict).toBe('inconclusive')
    expect(result.reasons[0]?.text).toContain('the generator, not your service')
  })

  it.each([
    ['exports nothing', 'export const x = 1', /exports nothing by default/],
    ['exports something else', 'export default { run() {} }', /is no scenario/],
    [
      'has a weight of nothing',
      `export default scenario('x', async () => {}, { weight: 0 })`,
      /weight of x is 0/,
    ],
    [
      'throws when it is read',
      `\nconst a = null as unknown as { b: number }\nexport default a.b`,
      /Cannot read properties of null/,
    ],
    [
      'has no such feeder',
      `csv('/no/such.csv')\nexport default scenario('x', async () => {})`,
      /a feeder's file cannot be read/,
    ],
  ])('that %s is refused', async (_name, code, text) => {
    await expect(run(code)).rejects.toMatchObject({
      code: 'PLM_LOAD_SCENARIO',
      message: expect.stringMatching(text),
    })
  })
})

describe('a request', () => {
  it.each([
    ['a method', `user.request('GE T', '/x')`],
    ['a header', `user.get('/x', { headers: { 'a b': 'c' } })`],
    ['a value', `user.get('/x', { headers: { a: 'b\\r\\nc: d' } })`],
  ])('with %s that would be another request is never sent', { timeout: 20_000 }, async (_name, call) => {
    const result = await run(`export default scenario('x', async (user) => { await ${call} })`)
    expect(result.scenarioErrors[0]?.because).toMatch(
      /^scenario-\d+\.ts:2: A request of the load cannot be sent/,
    )
    expect(asked).toEqual([])
  })
})
