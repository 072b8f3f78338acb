import { createSocket } from 'node:dgram'
import { createServer as createHttp, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net'
import { createServer as createTls } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { certificate } from './certificate.fixture.ts'
import { probesConfig } from './config.ts'
import { probeReadings, runProbe } from './probe.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return (server.address() as AddressInfo).port
}

async function serve(handler: RequestListener): Promise<string> {
  const server = createHttp(handler)
  closing.push(() => server.closeAllConnections())
  return `http://127.0.0.1:${await listen(server)}`
}

type Input = Parameters<typeof probesConfig.parse>[0]
const run = async (probe: object, base?: string, now = Date.now()) => {
  const [parsed] = probesConfig.parse([{ name: 'it', ...probe }] as Input)
  if (!parsed || parsed.kind === 'journey') throw new Error('no such probe')
  return runProbe(parsed, base, now)
}
const problemsOf = async (...args: Parameters<typeof run>) => (await run(...args)).problems

describe('a probe by HTTP', () => {
  const answer: RequestListener = (request, response) => {
    response.setHeader('X-Frame-Options', 'DENY')
    response.statusCode = request.url === '/teapot' ? 418 : 200
    response.end(
      JSON.stringify({ path: request.url, database: { status: 'up', replicas: [{ lag: 3 }] }, none: null }),
    )
  }

  it('is well when the answer is as expected', async () => {
    const base = await serve(answer)
    const json = { 'database.status': 'up', 'database.replicas.0.lag': 3, none: null, path: '/health' }
    const headers = { 'x-frame-options': 'DENY' }
    const result = await run(
      { kind: 'http', url: '/health', body: '"up"', json, headers, status: [200, 204] },
      base,
    )
    expect(result.problems).toEqual([])
    expect(result.durationMs).toBeGreaterThan(0)
    expect(await problemsOf({ kind: 'http', url: `${base}/teapot`, status: 418 })).toEqual([])
  })

  it('names everything that is not', async () => {
    const base = await serve(answer)
    const json = { 'database.status': 'down', 'database.primary': 'up', 'database.replicas.0.lag': '3' }
    const headers = { 'x-frame-options': 'SAMEORIGIN', 'strict-transport-security': 'max-age' }
    expect(await problemsOf({ kind: 'http', url: '/teapot', body: 'teacup', json, headers }, base)).toEqual([
      'answered 418, expected 2xx',
      'x-frame-options is "DENY", expected "SAMEORIGIN" in it',
      'strict-transport-security is missing, expected "max-age" in it',
      'the body does not hold "teacup"',
      'database.status is "up", expected "down"',
      'database.primary is missing, expected "up"',
      'database.replicas.0.lag is 3, expected "3"',
    ])
  })

  it('does not follow redirections, wait for ever or read for ever', async () => {
    const base = await serve((request, response) => {
      if (request.url === '/moved') return response.writeHead(302, { location: '/' }).end()
      if (request.url === '/endless')
        return void setInterval(() => response.write('x'.repeat(200_000)), 1).unref()
    })
    expect(await problemsOf({ kind: 'http', url: '/moved' }, base)).toEqual(['answered 302, expected 2xx'])
    expect(await problemsOf({ kind: 'http', url: '/silent', within: '200ms' }, base)).toEqual([
      'no answer within 200 ms',
    ])
    expect(await problemsOf({ kind: 'http', url: '/endless', body: 'xx' }, base)).toEqual([])
  })

  it('says why there is no answer, or nobody to ask', async () => {
    expect(await problemsOf({ kind: 'http', url: 'http://127.0.0.1:1/' })).toEqual([
      'no answer: ECONNREFUSED',
    ])
    expect(await problemsOf({ kind: 'http' })).toEqual(['there is no address yet'])
  })
})

describe('a probe of a connection', () => {
  it('by TCP is well when it is taken', async () => {
    const port = await listen(createTcp((socket) => socket.destroy()))
    expect(await problemsOf({ kind: 'tcp', host: '127.0.0.1', port })).toEqual([])
    expect(await problemsOf({ kind: 'tcp', host: '127.0.0.1', port: 1 })).toEqual(['no answer: ECONNREFUSED'])
  })

  it('by TLS tells when the certificate ends, whether it is trusted, and when it is too late', async () => {
    const port = await listen(createTls(certificate, (socket) => socket.on('error', () => {})))
    const probe = { kind: 'tls', host: 'localhost', port }
    const result = await run({ ...probe, trusted: false })
    expect(result.problems).toEqual([])
    expect(new Date(result.endsAt ?? 0).getUTCFullYear()).toBe(2126)
    expect(await problemsOf(probe)).toEqual(['the certificate is not trusted: DEPTH_ZERO_SELF_SIGNED_CERT'])
    const late = (result.endsAt ?? 0) - 10 * 86_400_000
    expect(await problemsOf({ ...probe, trusted: false }, undefined, late)).toEqual([
      'the certificate ends in 10 days, expected at least 14',
    ])
    expect(await problemsOf({ ...probe, trusted: false }, undefined, late + 13 * 86_400_000)).toEqual([
      'the certificate ended 3 days ago',
    ])
    const readings = probeReadings(result, { plimsoll_probe: 'it' }, 5)
    expect(readings.map(({ name, value }) => [name, value])).toEqual([
      ['plimsoll_probe_success', 1],
      ['plimsoll_probe_duration_seconds', result.durationMs / 1_000],
      ['plimsoll_probe_certificate_end_timestamp_seconds', (result.endsAt ?? 0) / 1_000],
    ])
  })

  it('by TLS gives up on one that takes the connection and says nothing', async () => {
    const port = await listen(createTcp(() => {}))
    expect(await problemsOf({ kind: 'tls', host: '127.0.0.1', port, within: '200ms' })).toEqual([
      'no answer within 200 ms',
    ])
  })
})

/** A name server that knows one name: 192.0.2.10. */
async function nameServer(): Promise<string> {
  const socket = createSocket('udp4')
  socket.on('message', (question, { port, address }) => {
    const knows = question.includes('pay')
    const head = Buffer.from(question.subarray(0, 12))
    head.writeUInt16BE(knows ? 0x8180 : 0x8183, 2)
    head.writeUInt16BE(knows ? 1 : 0, 6)
    head.writeUInt16BE(0, 10)
    const end = question.indexOf(0, 12) + 5
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 10])
    socket.send(Buffer.concat([head, question.subarray(12, end), ...(knows ? [record] : [])]), port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  closing.push(() => socket.close())
  return `127.0.0.1:${socket.address().port}`
}

describe('a probe of a name', () => {
  it('is well when it leads where it should', async () => {
    const server = await nameServer()
    const probe = { kind: 'dns', server }
    expect(await problemsOf({ ...probe, host: 'pay.example' })).toEqual([])
    expect(await problemsOf({ ...probe, host: 'pay.example', holds: '192.0.2.10' })).toEqual([])
    expect(await problemsOf({ ...probe, host: 'pay.example', holds: '192.0.2.11' })).toEqual([
      'pay.example leads to 192.0.2.10, expected 192.0.2.11 among them',
    ])
    expect(await problemsOf({ ...probe, host: 'nobody.example' })).toEqual(['nobody.example has no A'])
  })
})
