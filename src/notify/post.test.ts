import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { PlimsollError } from '../kernel/index.ts'
import type { PostEnd, PostSpec } from './plan/state.ts'
import { createPosts, type PostDeps } from './post.ts'

type Heard = { readonly headers: IncomingMessage['headers']; readonly body: string }

let close: (() => void) | undefined
afterEach(() => close?.())

/** A receiver, and what it heard. */
async function receiver(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string; heard: Heard[] }> {
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece) => {
      body += piece
    })
    request.on('end', () => {
      heard.push({ headers: request.headers, body })
      answer(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=t0ps3cret`, heard }
}

const values: Record<string, string> = { KEY: 'signing-key' }
const deps: PostDeps = {
  now: () => 1_764_000_000_999,
  async secrets(names) {
    const missing = names.filter((name) => values[name] === undefined)
    if (missing.length > 0) throw new PlimsollError('PLM_SECRET_MISSING', `${missing} has no value`)
    return values
  },
}

type WebhookSpec = Extract<PostSpec, { kind: 'webhook' }>

async function sent(spec: Partial<WebhookSpec> & Pick<WebhookSpec, 'url'>): Promise<PostEnd> {
  const posts = createPosts(deps)
  const ended = new Promise<void>((resolve) => posts.watch(() => resolve()))
  const whole: WebhookSpec = {
    kind: 'webhook',
    key: { secret: 'KEY' },
    id: 'payments.7.1',
    body: '{"text":"hi"}',
    timeoutMs: 2_000,
    ...spec,
  }
  await posts.start('notifier/payments.ops/1', whole)
  expect(await posts.find('notifier/payments.ops/1')).toBe('running')
  await ended
  const found = await posts.find('notifier/payments.ops/1')
  if (typeof found === 'string') throw new Error(found)
  return found.ended
}

describe('a message', () => {
  it('is signed as Standard Webhooks has it', async () => {
    const { url, heard } = await receiver((_request, response) => response.writeHead(204).end())
    expect(await sent({ url })).toEqual({ is: 'answered', status: 204 })
    const [one] = heard
    expect(one?.body).toBe('{"text":"hi"}')
    const signed = createHmac('sha256', 'signing-key').update('payments.7.1.1764000000.{"text":"hi"}')
    expect(one?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'payments.7.1',
      'webhook-timestamp': '1764000000',
      'webhook-signature': `v1,${signed.digest('base64')}`,
    })
  })

  it('goes to an address that is a secret', async () => {
    const { url } = await receiver((_request, response) => response.writeHead(200).end('ok'))
    values.URL = url
    expect(await sent({ url: { secret: 'URL' } })).toEqual({ is: 'answered', status: 200 })
  })

  it.each([500, 410, 404])('that is answered with %i has that for its end', async (status) => {
    const { url } = await receiver((_request, response) => response.writeHead(status).end())
    expect(await sent({ url })).toEqual({ is: 'answered', status })
  })

  it('does not follow a redirect', async () => {
    const { url, heard } = await receiver((_request, response) =>
      response.writeHead(307, { location: '/elsewhere' }).end(),
    )
    expect(await sent({ url })).toEqual({ is: 'answered', status: 307 })
    expect(heard).toHaveLength(1)
  })

  it('waits no longer than its limit for a receiver that is slow', async () => {
    const { url } = await receiver(() => {})
    expect(await sent({ url, timeoutMs: 150 })).toEqual({ is: 'failed', because: 'no answer in time' })
  })

  it('is answered although the receiver goes on and on', async () => {
    const { url } = await receiver((_request, response) => {
      response.writeHead(200)
      const more = setInterval(() => response.write('x'.repeat(65_536)), 1)
      response.once('close', () => clearInterval(more))
    })
    expect(await sent({ url })).toEqual({ is: 'answered', status: 200 })
  })

  it.each([
    ['resets the connection', (request: IncomingMessage) => request.socket.resetAndDestroy(), 'ECONNRESET'],
    ['hangs up', (request: IncomingMessage) => request.socket.destroy(), 'ECONNRESET'],
  ])('fails when the receiver %s, and says nothing of the address', async (_how, end, code) => {
    const { url } = await receiver(end)
    expect(await sent({ url })).toEqual({ is: 'failed', because: `the connection failed (${code})` })
  })

  it('fails when nobody listens', async () => {
    const { url } = await receiver(() => {})
    close?.()
    expect(await sent({ url })).toEqual({ is: 'failed', because: 'the connection failed (ECONNREFUSED)' })
  })

  it('fails for want of a secret, or of an address', async () => {
    const missing = await sent({ url: { secret: 'NOWHERE' } })
    expect(missing).toEqual({ is: 'failed', because: 'NOWHERE has no value' })
    values.WRONG = 'chat.example'
    expect(await sent({ url: { secret: 'WRONG' } })).toMatchObject({
      because: 'its address is none that begins with https:// or http://',
    })
  })
})
