import { createServer, type Server } from 'node:http'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { PlimsollError } from '../../kernel/index.ts'
import { number, type Reading, series } from '../index.ts'
import { remoteSeries } from './remote.ts'
import { compress } from './write/snappy.ts'

/** What Snappy's format says, read as plainly as it is written there. */
function decompress(bytes: Uint8Array): Uint8Array {
  const out: number[] = []
  let at = 0
  let length = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] as number
    length += (byte & 127) * 2 ** shift
    if (byte < 128) break
  }
  while (at < bytes.length) {
    const tag = bytes[at++] as number
    if ((tag & 3) === 0) {
      let size = tag >> 2
      if (size === 63) {
        size = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0, true)
        at += 4
      }
      out.push(...bytes.subarray(at, at + size + 1))
      at += size + 1
    } else {
      expect(tag & 3).toBe(2)
      const offset = (bytes[at] as number) + 256 * (bytes[at + 1] as number)
      at += 2
      for (let i = 0; i <= tag >> 2; i++) out.push(out[out.length - offset] as number)
    }
  }
  expect(out).toHaveLength(length)
  return Uint8Array.from(out)
}

describe('Snappy', () => {
  it('comes back as it was', () => {
    const repeating = fc.array(fc.constantFrom('job="api"', 'instance', '\0\0\0\0', 'x'), { maxLength: 200 })
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      repeating.map((texts) => new TextEncoder().encode(texts.join(''))),
    )
    fc.assert(
      fc.property(bytes, (one) => {
        expect(Array.from(decompress(compress(one)))).toEqual(Array.from(one))
      }),
    )
  })

  it('finds what repeats', () => {
    const text = new TextEncoder().encode('service_name="payments",outcome="ok"'.repeat(100))
    expect(compress(text).length).toBeLessThan(text.length / 15)
  })
})

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A server that answers each request in turn. */
async function answering(...answers: readonly (readonly [number, string])[]) {
  const bodies: Uint8Array[] = []
  const server = createServer(async (request, response) => {
    const parts: Uint8Array[] = []
    for await (const part of request) parts.push(part)
    bodies.push(Buffer.concat(parts))
    const [status, text] = answers[Math.min(bodies.length, answers.length) - 1] ?? [500, '']
    response.writeHead(status).end(text)
  }).listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, bodies }
}

function storeAt(url: string) {
  const problems: PlimsollError[] = []
  const store = remoteSeries({ kind: 'prometheus', url, onProblem: (problem) => problems.push(problem) })
  return { store, problems }
}

const reading = (name: string, at = 1): Reading => ({ name, labels: {}, at, value: 1 })
const textOf = (body: Uint8Array | undefined) =>
  new TextDecoder('latin1').decode(decompress(body as Uint8Array))

describe('what cannot be written', () => {
  it('waits, is told, and is written with what comes next', async () => {
    const { url, bodies } = await answering([503, 'not now'], [503, 'not now'], [204, ''])
    const { store, problems } = storeAt(url)
    expect(await store.append([reading('first')])).toMatchObject({ taken: 1 })
    await expect(store.flush()).rejects.toMatchObject({ code: 'PLM_SERIES_UNREACHABLE' })
    await store.append([reading('second')])
    await store.close()
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('answered 503: not now')])
    expect(bodies).toHaveLength(3)
    expect(textOf(bodies[2])).toMatch(/first[\s\S]*second/)
  })

  it('is found among many when it is refused, and takes no other with it', async () => {
    const { url, bodies } = await answering(
      [400, 'out of order sample'],
      [204, ''],
      [400, 'out of order sample'],
    )
    const { store } = storeAt(url)
    expect(await store.append([reading('good'), reading('bad')])).toMatchObject({ taken: 1, outOfOrder: 1 })
    expect(bodies.map(textOf)).toEqual([
      expect.stringMatching(/good[\s\S]*bad/),
      expect.not.stringContaining('bad'),
      expect.not.stringContaining('good'),
    ])
  })
})

describe('an answer', () => {
  it.each([
    ['is none', 200, '<html>', 'PLM_SERIES_UNREACHABLE', /answered 200: <html>/],
    [
      'has another shape',
      200,
      '{"status":"success","data":{}}',
      'PLM_SERIES_UNREACHABLE',
      /no answer of a Prometheus/,
    ],
    [
      'refuses the query',
      422,
      '{"status":"error","errorType":"execution","error":"found duplicate series"}',
      'PLM_QUERY_INVALID',
      /found duplicate series/,
    ],
    [
      'is that it takes too long',
      503,
      '{"status":"error","errorType":"timeout","error":"query timed out"}',
      'PLM_SERIES_UNREACHABLE',
      /query timed out/,
    ],
  ])('that %s is told as such', async (_, status, text, code, message) => {
    const { url } = await answering([status, text])
    const asked = storeAt(url).store.instant(number(1), 1_000)
    await expect(asked).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it('may never come', async () => {
    const { url } = await answering()
    await new Promise((resolve) => servers.pop()?.close(resolve))
    const { store } = storeAt(url)
    await expect(store.select(series('up'), 0, 1_000)).rejects.toThrow(/ECONNREFUSED/)
  })
})
