import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { planOf, requestsTo } from '../load-test.fixture.ts'
import { Client } from './client.ts'
import { Tally } from './tally.ts'

/** Answers, or resets, a tenth of a second after it was asked; in a thread of its own. */
const target = (end: string) => `
  const { createServer } = require('node:net')
  const { parentPort } = require('node:worker_threads')
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', () => {
      parentPort.postMessage('asked')
      setTimeout(() => { ${end} }, 100)
    })
  })
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
`

const standStill = (durationMs: number) =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs)

it.each([
  ['an answer', "socket.write('HTTP/1.1 200 OK\\r\\ncontent-length: 0\\r\\n\\r\\n')", 'answered'],
  ['a reset', 'socket.resetAndDestroy()', 'failed'],
] as const)('a thread that was held up takes %s that has come for what it is', async (_, end, became) => {
  const thread = new Worker(target(end), { eval: true })
  const [port] = (await once(thread, 'message')) as [number]
  const url = `http://127.0.0.1:${port}/`
  const tally = new Tally()
  const client = new Client(
    planOf(requestsTo(url), { model: 'closed', users: 1, thinkMs: 0, durationMs: 1 }),
    0,
    0,
    tally,
  )
  const bytes = Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  const question = {
    ...{ origin: await client.origin(new URL(url)), bytes, isHead: false, expect: undefined },
    ...{ intended: performance.now(), name: tally.of('one') },
  }
  const heard = once(thread, 'message')
  const asked = client.ask(question, performance.now()).catch(() => undefined)
  await heard
  // Longer than a request may take: 300 ms.
  standStill(600)
  await asked
  client.close()
  await thread.terminate()
  const { counts } = tally.of('one')
  expect(counts).toMatchObject({ sent: 1, timedOut: 0, [became]: 1 })
})
