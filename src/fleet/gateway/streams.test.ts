import { readFile } from 'node:fs/promises'
import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  childrenOf,
  poll,
  sendRaw,
  startTestGateway,
  startUpstream,
  type TestGateway,
  type TestUpstream,
  tableFor,
} from './gateway.fixture.ts'
import { findGateway } from './processes.ts'
import { call } from './sockets.fixture.ts'

const patienceMs = 600
const megabytes = 100
const size = megabytes * 1_024 * 1_024

let gateway: TestGateway
let a: TestUpstream
let b: TestUpstream
/** Polls are answered from then on. */
let goOn: Promise<void>
let answerPolls: () => void

/** Waits until more may be written, or it makes no sense any more. */
const room = (to: ServerResponse | ClientRequest) =>
  new Promise<void>((resolve) => {
    const go = () => {
      to.off('drain', go).off('close', go)
      resolve()
    }
    to.on('drain', go).on('close', go)
  })

/** Answers by path; each says who it is. */
const service = (name: string) =>
  startUpstream(async (incoming, response) => {
    if (incoming.url === '/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      return void response.write(`data: ${name}\n\n`)
    }
    if (incoming.url === '/poll') {
      incoming.resume()
      await goOn
      return void response.end(name)
    }
    if (incoming.url === '/download') {
      response.writeHead(200, { 'Content-Length': size })
      const part = Buffer.alloc(1_024 * 1_024)
      for (let sent = 0; sent < size && !response.destroyed; sent += part.length)
        if (!response.write(part)) await room(response)
      return void response.end()
    }
    let bytes = 0
    incoming.on('data', (part) => (bytes += part.length))
    incoming.on('end', () => response.end(`${name} got ${bytes}`))
  })

beforeEach(async () => {
  goOn = new Promise((resolve) => {
    answerPolls = resolve
  })
  a = await service('a')
  b = await service('b')
  gateway = await startTestGateway()
  await serve('a')
})

afterEach(async () => {
  await gateway.stop()
  await Promise.all([a.close(), b.close()])
})

/** As a rolling deployment does: those that leave are still in the table. */
async function serve(serving: 'a' | 'b', patience = patienceMs): Promise<void> {
  const fleets = {
    a: { weight: 1, ports: [a.port], serving: serving === 'a' },
    b: { weight: 1, ports: [b.port], serving: serving === 'b' },
  }
  await gateway.control.apply(tableFor(fleets, patience))
  await gateway.until(({ upstreams }) => upstreams.filter(({ healthy }) => healthy).length === 2)
}

const counted = async (what: object) => {
  const { counts } = await gateway.until(({ counts: { a: now } }) => now?.inFlight === 0)
  expect(counts.a).toMatchObject(what)
}
const inFlight = () => gateway.until(({ counts }) => counts.a?.inFlight === 1)

/** A request that was begun; the answer comes when it comes. */
function begin(path: string, method = 'GET'): { asked: ClientRequest; answer: Promise<IncomingMessage> } {
  const at = { host: '127.0.0.1', port: gateway.port, agent: false, method, path }
  const asked = request(at)
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    asked.on('response', resolve).on('error', reject)
  })
  return { asked, answer }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of answer.setEncoding('latin1')) text += part
  return text
}

/** Resident memory of the gateway's process in MB, at its highest so far (proc(5)). */
async function peakMegabytes(): Promise<number> {
  const { pid = 0 } = (await findGateway(gateway.folder)) ?? {}
  const status = await readFile(`/proc/${(await childrenOf(pid)).at(-1)}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1_024
}

test('an event stream may be silent, and is ended in order when its instance leaves; its client finds the next one', async () => {
  const caller = call(gateway.port, 'GET /events HTTP/1.1\r\nHost: a\r\n\r\n')
  await caller.until(/data: a/)
  await pause(2 * patienceMs)
  await inFlight()
  await serve('b')
  await caller.until(/\r\n0\r\n\r\n$/)
  await counted({ accepted: 1, answered: 1, lost: 0, abandoned: 0 })
  caller.socket.write('GET /events HTTP/1.1\r\nHost: a\r\n\r\n')
  await caller.until(/data: b/)
  caller.socket.destroy()
})

test('the latency of an event stream is that of its head', async () => {
  const caller = call(gateway.port, 'GET /events HTTP/1.1\r\nHost: a\r\n\r\n')
  await caller.until(/data: a/)
  await pause(patienceMs)
  await serve('b')
  await caller.until(/\r\n0\r\n\r\n$/)
  const { counts } = await gateway.until(({ counts: { a: now } }) => now?.answered === 1)
  expect(counts.a?.latency.upperMs[0]).toBeLessThan(patienceMs)
})

test('a long poll on an instance that leaves is answered by it', async () => {
  await serve('a', 10_000)
  const poll = begin('/poll')
  poll.asked.end()
  await inFlight()
  await serve('b', 10_000)
  answerPolls()
  expect(await textOf(await poll.answer)).toBe('a')
  await counted({ accepted: 1, answered: 1, lost: 0 })
})

test('a slow upload goes on for as long as something comes, well beyond the patience', async () => {
  const slow = begin('/upload', 'POST')
  for (let i = 0; i < 8; i++) {
    slow.asked.write('x'.repeat(1_000))
    await pause(patienceMs / 3)
  }
  slow.asked.end()
  expect(await textOf(await slow.answer)).toBe('a got 8000')
  await counted({ accepted: 1, answered: 1, lost: 0 })
})

test('an upload that stands still is the client’s fault; an answer that does, the service’s', async () => {
  const head = 'POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n'
  expect(await sendRaw(gateway.port, `${head}half`)).toMatch(/^HTTP\/1\.1 408 /)
  await counted({ accepted: 1, abandoned: 1, lost: 0 })
})

test('an upload of a byte now and then holds no place for as long as it likes', async () => {
  const caller = call(gateway.port, 'POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n')
  const timer = setInterval(() => caller.socket.write('x'), patienceMs / 6)
  expect(await caller.closed).toMatch(/^HTTP\/1\.1 408 /)
  clearInterval(timer)
  await counted({ accepted: 1, abandoned: 1, lost: 0 })
})

test('a download that its client does not read is ended, and not counted as lost', async () => {
  const { asked, answer } = begin('/download')
  asked.end()
  ;(await answer).pause().on('error', () => undefined)
  await counted({ accepted: 1, abandoned: 1, lost: 0 })
})

test('a slow upload to an instance that leaves is ended when a deployment has waited for it long enough', async () => {
  const longMs = 2_000
  await serve('a', longMs)
  const slow = begin('/upload', 'POST')
  const ended = slow.answer.then(textOf, (error) => String(error))
  slow.asked.write('x')
  await inFlight()
  const leftMs = performance.now()
  await serve('b', longMs)
  const timer = setInterval(() => slow.asked.write('x'), 20)
  await counted({ accepted: 1, abandoned: 1, lost: 0 })
  clearInterval(timer)
  expect(performance.now() - leftMs).toBeGreaterThan(longMs * 0.9)
  expect(performance.now() - leftMs).toBeLessThan(longMs * 2)
  expect(await ended).toMatch(/did not arrive in time|ECONNRESET|EPIPE/)
})

test(`a slow reader of ${megabytes} MB does not make the gateway hold them`, async () => {
  await serve('a', 10_000)
  const before = await peakMegabytes()
  const sockets = new Set<Socket>()
  a.server.on('connection', (socket: Socket) => sockets.add(socket))
  const { asked, answer } = begin('/download')
  asked.end()
  const coming = await answer
  let read = 0
  coming.on('data', (piece) => {
    read += piece.length
    coming.pause()
    setTimeout(() => coming.resume(), 2)
  })
  await poll(
    async () => read,
    (bytes) => bytes > 8 * 1_024 * 1_024,
  )
  const sent = Math.max(
    ...[...sockets].map(({ bytesWritten, writableLength }) => bytesWritten - writableLength),
  )
  // What is between is in the buffers of the kernel, of two connections; that of the gateway holds 64 KB, and as much again.
  expect(sent).toBeLessThan(size / 2)
  expect((await peakMegabytes()) - before).toBeLessThan(25)
  asked.destroy()
  coming.on('error', () => undefined)
  await counted({ accepted: 1, answered: 0, lost: 0, abandoned: 1 })
})

test(`${megabytes} MB up and down, through a swap, in bounded memory`, async () => {
  await serve('a', 10_000)
  const before = await peakMegabytes()
  const up = begin('/upload', 'POST')
  const down = begin('/download')
  down.asked.end()
  const part = Buffer.alloc(1_024 * 1_024)
  const swapped = (async () => {
    await gateway.until(({ counts }) => counts.a?.inFlight === 2)
    await serve('b', 10_000)
  })()
  const sending = (async () => {
    for (let sent = 0; sent < size; sent += part.length) if (!up.asked.write(part)) await room(up.asked)
    up.asked.end()
  })()
  let read = 0
  for await (const piece of await down.answer) read += piece.length
  await sending
  await swapped
  expect(read).toBe(size)
  expect(await textOf(await up.answer)).toBe(`a got ${size}`)
  await counted({ accepted: 2, answered: 2, lost: 0, abandoned: 0 })
  // Of the 200 that pass; what was passed on stays until the garbage is collected.
  expect((await peakMegabytes()) - before).toBeLessThan(100)
})
