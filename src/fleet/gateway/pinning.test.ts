import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  sendRaw,
  startTestGateway,
  startUpstream,
  type TestGateway,
  type TestUpstream,
  tableFor,
} from './gateway.fixture.ts'
import { newPin } from './pins.ts'

const name = 'plimsoll-pin-test'
let gateway: TestGateway
let upstreams: TestUpstream[] = []

const service = (from: string) =>
  startUpstream((incoming, response) => {
    response.setHeader('X-From', from)
    if (incoming.url === '/logo') response.setHeader('Cache-Control', 'public, max-age=60')
    response.end(JSON.stringify(incoming.headers))
  })

beforeEach(async () => {
  upstreams = [await service('live'), await service('canary')]
  gateway = await startTestGateway()
})

afterEach(async () => {
  await gateway.stop()
  await Promise.all(upstreams.map((upstream) => upstream.close()))
})

const portOf = (i: number): number => upstreams[i]?.port ?? 0

async function split(live: number, canary: number, by: 'request' | 'cookie' = 'cookie'): Promise<void> {
  const fleets = {
    live: { weight: live, ports: [portOf(0)] },
    canary: { weight: canary, ports: [portOf(1)] },
  }
  await gateway.control.apply(tableFor(fleets, 10_000, by))
  await gateway.until(({ upstreams: all }) => all.filter(({ healthy }) => healthy).length === 2)
}

type Answer = {
  readonly from: string
  readonly cookies: string[]
  readonly head: string
  readonly heard: string
}

async function get(...lines: string[]): Promise<Answer> {
  const path = lines[0]?.startsWith('/') ? lines.shift() : '/'
  const asked = [`GET ${path} HTTP/1.1`, 'Host: shop.test', 'Connection: close', ...lines, '', '']
  const [head = '', heard = ''] = (await sendRaw(gateway.port, asked.join('\r\n'))).split('\r\n\r\n')
  const cookies = head.split('\r\n').filter((line) => line.startsWith('Set-Cookie: '))
  return { from: /X-From: (\w+)/.exec(head)?.[1] ?? '', cookies, head, heard }
}

const pinOf = (answer: Answer): string => /=([\w-]{12});/.exec(answer.cookies[0] ?? '')?.[1] ?? ''

test('a first answer gives a pin, and whoever brings it stays with its version, which hears nothing of it', async () => {
  await split(1, 1)
  const first = await get()
  expect(first.cookies).toEqual([`Set-Cookie: ${name}=${pinOf(first)}; Path=/; HttpOnly; SameSite=Lax`])
  expect(first.head).toContain('Cache-Control: private')
  for (let i = 0; i < 10; i++) {
    const next = await get(`Cookie: a=1; ${name}=${pinOf(first)}; b=2`)
    expect(next).toMatchObject({ from: first.from, cookies: [] })
    expect(JSON.parse(next.heard).cookie).toBe('a=1; b=2')
    expect(next.head).not.toContain('Cache-Control')
  }
  const alone = await get(`Cookie: ${name}=${pinOf(first)}`)
  expect(JSON.parse(alone.heard)).not.toHaveProperty('cookie')
})

test('of the clients that were pinned, more go to the canary as its share rises, none goes back, and all on a rollback', async () => {
  await split(1, 0)
  const pins = Array.from({ length: 60 }, newPin)
  const inCanary = async () => {
    const answers = await Promise.all(pins.map((pin) => get(`Cookie: ${name}=${pin}`)))
    return new Set(pins.filter((_, i) => answers[i]?.from === 'canary'))
  }
  let before = await inCanary()
  expect(before.size).toBe(0)
  for (const share of [20, 50, 80, 100]) {
    await split(100 - share, share)
    const now = await inCanary()
    expect([...before].filter((pin) => !now.has(pin))).toEqual([])
    expect(now.size).toBeGreaterThan(before.size)
    before = now
  }
  expect(before.size).toBe(60)
  await split(1, 0)
  expect((await inCanary()).size).toBe(0)
})

test('a malformed pin is replaced; over TLS the cookie is for TLS only', async () => {
  await split(1, 1)
  const answer = await get(`Cookie: ${name}=<script>`, 'X-Forwarded-Proto: https')
  expect(answer.cookies).toEqual([
    expect.stringMatching(/=[\w-]{12}; Path=\/; HttpOnly; SameSite=Lax; Secure$/),
  ])
  expect(JSON.parse(answer.heard)).not.toHaveProperty('cookie')
})

test('what is meant for shared caches carries no pin', async () => {
  await split(1, 1)
  const answer = await get('/logo')
  expect(answer.cookies).toEqual([])
  expect(answer.head).toContain('Cache-Control: public, max-age=60')
})

test('split by request, no cookie is given, and an old one is kept from the service', async () => {
  await split(1, 1, 'request')
  const answers = await Promise.all(Array.from({ length: 30 }, () => get(`Cookie: ${name}=abcdefghijkl`)))
  expect(new Set(answers.map(({ from }) => from)).size).toBe(2)
  expect(answers.flatMap(({ cookies }) => cookies)).toEqual([])
  expect(answers.map(({ heard }) => JSON.parse(heard).cookie)).toEqual(answers.map(() => undefined))
})

test('while the fleet of a client cannot take requests, the other one answers it; then its own again', async () => {
  await split(1, 1)
  const pin = newPin()
  const own = (await get(`Cookie: ${name}=${pin}`)).from
  const at = own === 'live' ? 0 : 1
  const port = portOf(at)
  await upstreams[at]?.close()
  expect((await get(`Cookie: ${name}=${pin}`)).from).not.toBe(own)
  await gateway.until(({ upstreams: all }) => all.some(({ healthy }) => !healthy))
  expect(await get(`Cookie: ${name}=${pin}`)).toMatchObject({ cookies: [] })
  upstreams[at]?.server.listen(port, '127.0.0.1')
  await gateway.until(({ upstreams: all }) => all.every(({ healthy }) => healthy))
  expect((await get(`Cookie: ${name}=${pin}`)).from).toBe(own)
})
