import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { certificate as pair } from '../probes/certificate.fixture.ts'
import { accessOf, secretsOf } from './access.ts'
import { askOnce } from './ask.ts'
import { type AccessConfig, accessConfig, accessProblems } from './config.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const secrets = { TOKEN: 's3cret', PASSWORD: 'pass:wörd' }
const ask = (url: string, config: AccessConfig, values: Readonly<Record<string, string>> = secrets) =>
  askOnce({ url, access: accessOf(config, values), timeoutMs: 2_000, longestBytes: 1_000 })

const headersSeen: Record<string, unknown>[] = []
const remember: RequestListener = (request, response) => {
  headersSeen.push({ ...request.headers })
  response.end('up 1\n')
}

describe('a place that does not answer everybody', () => {
  it('is sent what it wants to be told: bearer, basic, or headers of its own', async () => {
    headersSeen.length = 0
    const url = `http://127.0.0.1:${await listen(createServer(remember))}/metrics`
    await ask(url, { bearer: { secret: 'TOKEN' } })
    await ask(url, { basic: { user: 'plimsoll', password: { secret: 'PASSWORD' } } })
    await ask(url, { headers: { 'X-Scope-OrgID': 'payments', 'X-Key': { secret: 'TOKEN' } } })
    expect(headersSeen).toMatchObject([
      { authorization: 'Bearer s3cret' },
      { authorization: `Basic ${Buffer.from('plimsoll:pass:wörd').toString('base64')}` },
      { 'x-scope-orgid': 'payments', 'x-key': 's3cret' },
    ])
    expect(secretsOf({ headers: { a: { secret: 'A' }, b: 'plain' }, bearer: { secret: 'B' } })).toEqual([
      'B',
      'A',
    ])
  })

  it('is not followed anywhere else, so that nobody else is told', async () => {
    headersSeen.length = 0
    const other = await listen(createServer(remember))
    const leads = createServer((_, response) => {
      response.writeHead(302, { location: `http://localhost:${other}/metrics` })
      response.end()
    })
    const heard = await ask(`http://127.0.0.1:${await listen(leads)}/`, { bearer: { secret: 'TOKEN' } })
    expect(heard).toMatchObject({ status: 302 })
    expect(headersSeen).toEqual([])
  })

  it('must be trusted, by this machine or by the certificate that is named, unless it says why not', async () => {
    const url = `https://localhost:${await listen(createSecure(pair, remember))}/`
    expect(await ask(url, {})).toEqual({ because: expect.stringMatching(/^does not answer: .*SELF_SIGNED/) })
    expect(await ask(url, { ca: pair.cert })).toMatchObject({ status: 200 })
    expect(await ask(url, { insecure: 'a certificate of its own' })).toMatchObject({ status: 200 })
  })

  it('never has its secret said', async () => {
    const url = `http://127.0.0.1:${await listen(createServer(remember))}/`
    const heard = await ask(url, { bearer: { secret: 'TOKEN' } }, { TOKEN: 's3cret\nX: y' })
    expect(heard).toEqual({ because: 'was not asked: its secret holds what no header can' })
  })
})

describe('how it is configured', () => {
  const bearer = { secret: 'TOKEN' }
  it.each([
    [
      'by bearer and basic at once',
      { bearer, basic: { user: 'a', password: bearer } },
      'https://x.test/',
      ['basic'],
    ],
    ['with a password in its address', {}, 'https://ada:pw@x.test/', ['url']],
    ['with a secret in clear', { bearer }, 'http://x.test/', ['url']],
    ['with a secret in clear, and why', { bearer, insecure: 'a closed network' }, 'http://x.test/', []],
    ['with a secret on this machine', { bearer }, 'http://127.0.0.1:9/', []],
    ['with a header that is no secret', { headers: { a: 'b' } }, 'http://x.test/', []],
    ['where its address is not known', { bearer }, undefined, []],
  ] as const)('%s', (_, access, url, keys) => {
    expect(accessProblems(access, url).map(([key]) => key)).toEqual(keys)
  })

  it('is refused with a reason that is none, and with a certificate that is none', () => {
    expect(accessConfig.safeParse({ insecure: true }).success).toBe(false)
    expect(accessConfig.safeParse({ insecure: 'yes' }).success).toBe(false)
    expect(accessConfig.safeParse({ ca: 'ca.pem' }).success).toBe(false)
    expect(accessConfig.safeParse({ bearer: 's3cret' }).success).toBe(false)
  })
})
