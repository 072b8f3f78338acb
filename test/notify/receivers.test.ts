import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import type { MessageBody, PostEnd, PostSpec } from '../../src/notify/index.ts'
import { createPosts } from '../../src/notify/index.ts'
import { certificate } from '../../src/watch/probes/certificate.fixture.ts'
import {
  type Heard,
  type HttpReceiver,
  listenHttp,
  pagerDutyService,
  slackPayload,
} from '../support/alert-receivers.ts'

const firedAt = '2026-11-28T13:02:11.000Z'
const alert = (window: string, more: object = {}) => ({
  environment: 'production',
  slo: 'availability',
  window,
  severity: 'page' as const,
  text: `its availability budget burns 49.8 times as fast as evenly over ${window}`,
  next: 'look at what changed since it was well',
  changes: ['5b1f0c9a7d21 (Refund <!channel> & twice) was deployed by payments.production.7'],
  firedAt,
  healthyAt: '2026-11-28T13:00:00.000Z',
  ...more,
})
type Alerts = NonNullable<MessageBody['alerts']>
let count = 0
const message = (
  type: MessageBody['type'],
  alerts: Alerts,
  more: Partial<MessageBody> = {},
): MessageBody => ({
  schemaVersion: 1,
  id: `payments.alert.${++count}.1764334931000`,
  type,
  at: firedAt,
  service: 'payments',
  environment: 'production',
  text: `production of payments: ${alerts.map(({ text }) => text).join('; ')}`,
  page: '/alerts?service=payments&environment=production',
  ...(alerts.length > 0 ? { alerts } : {}),
  ...more,
})
const over = { resolvedAt: '2026-11-28T13:20:00.000Z' }
const secrets: Record<string, string> = { PD_KEY: 'k'.repeat(32), MAIL_PASSWORD: 't0ps3cret' }

type EmailTarget = WithoutMessage<Extract<PostSpec, { kind: 'email' }>>
type WithoutMessage<T> = T extends unknown ? Omit<T, 'id' | 'body' | 'timeoutMs'> : never

/** Delivers a message as the outbox does. */
async function send(
  target: WithoutMessage<PostSpec>,
  body: MessageBody,
  timeoutMs = 5_000,
): Promise<PostEnd> {
  const posts = createPosts({
    now: () => Date.now(),
    secrets: async (names) => Object.fromEntries(names.map((name) => [name, secrets[name] ?? ''])),
    ca: certificate.cert,
  })
  const ended = new Promise<void>((resolve) => posts.watch(() => resolve()))
  await posts.start('notifier/payments.x/1', {
    ...target,
    id: body.id,
    body: JSON.stringify(body),
    page: 'https://plimsoll.example.org/',
    timeoutMs,
  } as PostSpec)
  await ended
  const found = await posts.find('notifier/payments.x/1')
  if (typeof found === 'string') throw new Error(found)
  return found.ended
}

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})
async function listen(...how: Parameters<typeof listenHttp>): Promise<HttpReceiver> {
  const receiver = await listenHttp(...how)
  opened.push(receiver)
  return receiver
}

describe('Slack', () => {
  const heardBySlack = async () => {
    const said: string[] = []
    const receiver = await listen(({ body }, response) => {
      const read = slackPayload.safeParse(JSON.parse(body))
      if (read.success) said.push(body)
      response.writeHead(read.success ? 200 : 400).end(read.success ? 'ok' : 'invalid_blocks')
    })
    secrets.SLACK_URL = `${receiver.url}/services/T0/B0/XX`
    return { said, receiver }
  }
  const slack = { kind: 'slack', url: { secret: 'SLACK_URL' } } as const

  it('takes pages, ends, tests and deployments, and nobody is called by what a commit is called', async () => {
    const { said } = await heardBySlack()
    const page = message('alert.page', [alert('1h'), alert('6h')])
    expect(await send(slack, page)).toEqual({ is: 'answered', status: 200 })
    expect(await send(slack, message('alert.resolved', [alert('1h', over)]))).toMatchObject({ status: 200 })
    expect(await send(slack, message('ping', []))).toMatchObject({ status: 200 })
    const refused = message('deployment.refused', [], { because: 'gate tests', text: 'it was not deployed' })
    expect(await send(slack, refused)).toMatchObject({ status: 200 })
    expect(said).toHaveLength(4)
    expect(said[0]).toContain('Refund &lt;!channel&gt; &amp; twice')
    expect(said[0]).toContain('Page: production of payments')
    expect(said[0]).toContain(
      '<https://plimsoll.example.org/alerts?service=payments&amp;environment=production|Open in Plimsoll>',
    )
    expect(said.join('')).not.toContain('<!channel>')
  })

  it('takes what is far too long', async () => {
    const { said } = await heardBySlack()
    const long = '&'.repeat(9_000)
    const many = Array.from({ length: 40 }, (_, i) => alert(`${i}h`, { text: long, changes: [long] }))
    expect(await send(slack, message('alert.page', many))).toMatchObject({ status: 200 })
    expect(said[0]).toContain('and 30 more')
  })

  it('is asked why it does not take something, and no secret is repeated', async () => {
    const { url } = await listen(({ path }, response) =>
      response
        .writeHead(404, { 'content-type': 'text/plain' })
        .end(`no_service\n at ${path}, nor at ${secrets.SLACK_URL} ${'x'.repeat(5_000)}`),
    )
    secrets.SLACK_URL = `${url}/services/T0/B0/XX?a=b`
    const end = await send(slack, message('ping', []))
    expect(end).toEqual({
      is: 'answered',
      status: 404,
      said: expect.stringMatching(/^no_service at \*\*\*, nor at \*\*\* x+$/),
    })
    expect(JSON.stringify(end).length).toBeLessThan(300)
    const html = await listen((_heard, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html>'),
    )
    secrets.SLACK_URL = html.url
    expect(await send(slack, message('ping', []))).toEqual({ is: 'answered', status: 502 })
  })

  it('that goes on and on is listened to no longer than its limit', async () => {
    const { url } = await listen((_heard, response) => {
      response.writeHead(500, { 'content-type': 'text/plain' })
      response.write('rollup_error')
    })
    secrets.SLACK_URL = url
    expect(await send(slack, message('ping', []), 1_000)).toEqual({
      is: 'answered',
      status: 500,
      said: 'rollup_error',
    })
  })

  it('is given the time that it asks for', async () => {
    const { url } = await listen((_heard, response) => response.writeHead(429, { 'retry-after': '30' }).end())
    secrets.SLACK_URL = url
    expect(await send(slack, message('ping', []))).toEqual({
      is: 'answered',
      status: 429,
      retryAfterMs: 30_000,
    })
  })
})

describe('PagerDuty', () => {
  const heardByPagerDuty = async () => {
    const service = pagerDutyService()
    const refused: string[] = []
    const receiver = await listen(({ path, body }, response) => {
      const { status, errors } = service.take(path, body)
      refused.push(...errors)
      response.writeHead(status).end()
    })
    return {
      service,
      refused,
      to: { kind: 'pagerDuty', key: { secret: 'PD_KEY' }, url: receiver.url } as const,
    }
  }
  const goesOn = [{ environment: 'production', slo: 'availability', severity: 'page' as const }]

  it('has one incident for an SLO, until the last of its alerts is over', async () => {
    const { service, refused, to } = await heardByPagerDuty()
    const page = message('alert.page', [alert('1h'), alert('6h')], { goesOn })
    expect(await send(to, page)).toEqual({ is: 'answered', status: 202 })
    // Whoever died before it was written down says it again.
    await send(to, page)
    expect(await send(to, message('alert.resolved', [alert('1h', over)], { goesOn }))).toMatchObject({
      is: 'answered',
    })
    expect(service.incidents).toMatchObject([{ open: true, triggers: 2 }])
    expect(service.incidents[0]?.summary).toMatch(/^production of payments: its availability budget burns/)
    await send(to, message('alert.resolved', [alert('6h', over)]))
    await send(to, message('alert.resolved', [alert('6h', over)]))
    expect(service.incidents).toMatchObject([{ open: false }])
    await send(to, page)
    expect(service.incidents).toMatchObject([{ open: false }, { open: true }])
    expect(refused).toEqual([])
  })

  it('takes tickets, tests, deployments, and what is far too long', async () => {
    const { service, refused, to } = await heardByPagerDuty()
    const ticket = alert('1d', { severity: 'ticket', text: 'x'.repeat(9_000), environment: 'e'.repeat(40) })
    expect(await send(to, message('alert.ticket', [ticket]))).toMatchObject({ status: 202 })
    expect(await send(to, message('ping', []))).toMatchObject({ status: 202 })
    expect(await send(to, message('deployment.passed', [], { text: 'Refund twice runs' }))).toMatchObject({
      status: 202,
    })
    expect(service.incidents).toMatchObject([{ open: true }, { open: false }])
    expect(service.changes).toEqual(['Refund twice runs'])
    expect(refused).toEqual([])
  })

  it('that refuses the second of two is told both again', async () => {
    const heard: Heard[] = []
    let answers = 0
    const { url } = await listen((one, response) => {
      heard.push(one)
      response.writeHead(++answers === 2 ? 429 : 202).end()
    })
    const two = message('alert.page', [alert('1h'), alert('1h', { slo: 'latency' })])
    const to = { kind: 'pagerDuty', key: { secret: 'PD_KEY' }, url } as const
    expect(await send(to, two)).toEqual({ is: 'answered', status: 429 })
    expect(await send(to, two)).toEqual({ is: 'answered', status: 202 })
    expect(heard).toHaveLength(4)
  })
})

it('a heartbeat asks its address, and says nothing', async () => {
  const { url, heard } = await listen((_heard, response) => response.writeHead(200).end('OK'))
  expect(await send({ kind: 'heartbeat', url }, message('watch.alive', []))).toEqual({
    is: 'answered',
    status: 200,
  })
  expect(heard).toMatchObject([{ method: 'GET', path: '/', body: '' }])
})

describe('mail', () => {
  type Mail = {
    readonly from: string
    readonly to: readonly string[]
    readonly text: string
    readonly secure: boolean
  }
  const server = async (how: { readonly starttls: boolean; readonly refuse?: string }) => {
    const mails: Mail[] = []
    const smtp = new SMTPServer({
      ...certificate,
      disabledCommands: how.starttls ? [] : ['STARTTLS'],
      authOptional: true,
      onAuth: ({ username, password }, _session, callback) =>
        username === 'plimsoll' && password === 't0ps3cret'
          ? callback(null, { user: username })
          : callback(Object.assign(new Error('no'), { responseCode: 535 })),
      onRcptTo: ({ address }, _session, callback) =>
        address === how.refuse
          ? callback(Object.assign(new Error('unknown'), { responseCode: 550 }))
          : callback(),
      onData(stream, session, callback) {
        const pieces: Buffer[] = []
        stream.on('data', (piece) => pieces.push(piece))
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope
          mails.push({
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(({ address }) => address),
            text: Buffer.concat(pieces).toString('utf8'),
            secure: session.secure,
          })
          callback()
        })
      },
    })
    smtp.on('error', () => {})
    await new Promise<void>((resolve) => smtp.listen(0, 'localhost', resolve))
    opened.push({ close: () => new Promise((resolve) => smtp.close(() => resolve())) })
    const { port } = smtp.server.address() as AddressInfo
    const to: EmailTarget = {
      kind: 'email',
      server: `smtp://localhost:${port}`,
      plain: false,
      signIn: { user: 'plimsoll', password: { secret: 'MAIL_PASSWORD' } },
      from: 'Plimsoll <plimsoll@example.org>',
      to: ['ada@example.org', 'Grace <grace@example.org>'],
    }
    return { mails, to }
  }

  it('is encrypted, signed in, named, and stands with what it is about', async () => {
    const { mails, to } = await server({ starttls: true })
    const page = message('alert.page', [alert('1h')])
    expect(await send(to, page)).toEqual({ is: 'answered', status: 250 })
    expect(await send(to, message('alert.resolved', [alert('1h', over)]))).toMatchObject({ status: 250 })
    const [first, second] = mails
    expect(first).toMatchObject({
      from: 'plimsoll@example.org',
      to: ['ada@example.org', 'grace@example.org'],
      secure: true,
    })
    expect(first?.text).toContain(`Message-ID: <${page.id}@example.org>`)
    expect(first?.text).toMatch(/^Subject: Page: production of payments: its availability budget burns/m)
    expect(first?.text).toMatch(/^Auto-Submitted: auto-generated/m)
    expect(first?.text).toContain('next: look at what changed since it was well')
    for (const mail of [first, second])
      expect(mail?.text).toContain('References: <payments.production@example.org>')
    expect(second?.text).toMatch(/^Subject: Well again: production of payments/m)
  })

  it('is not sent in clear text unless somebody says so', async () => {
    const { mails, to } = await server({ starttls: false })
    expect(await send(to, message('ping', []))).toMatchObject({
      is: 'failed',
      because: expect.stringContaining('does not encrypt as it must'),
    })
    expect(mails).toEqual([])
    const { signIn: _, ...open } = to
    expect(await send({ ...open, plain: true }, message('ping', []))).toMatchObject({ status: 250 })
    expect(mails).toMatchObject([{ secure: false }])
  })

  it('that one of two does not take is not sent to the other again, and that is said', async () => {
    const { mails, to } = await server({ starttls: true, refuse: 'grace@example.org' })
    expect(await send(to, message('ping', []))).toEqual({
      is: 'answered',
      status: 250,
      but: 'not taken for grace@example.org',
    })
    expect(mails).toMatchObject([{ to: ['ada@example.org'] }])
  })

  it('fails with what the server says in figures, and nothing of the password', async () => {
    const { to } = await server({ starttls: true })
    secrets.WRONG = 'wr0ng'
    const signIn = { user: 'plimsoll', password: { secret: 'WRONG' } }
    expect(await send({ ...to, signIn }, message('ping', []))).toEqual({ is: 'answered', status: 535 })
    const nobody = { ...to, server: 'smtp://localhost:1' }
    expect(await send(nobody, message('ping', []))).toMatchObject({
      is: 'failed',
      because: expect.stringContaining('the connection failed'),
    })
  })

  it('waits no longer than its limit for a server that says nothing', async () => {
    const { createServer } = await import('node:net')
    const mute = createServer(() => {}).listen(0, 'localhost')
    await new Promise((resolve) => mute.once('listening', resolve))
    opened.push({ close: () => new Promise((resolve) => mute.close(() => resolve())) })
    const { to } = await server({ starttls: true })
    const deaf = { ...to, server: `smtp://localhost:${(mute.address() as AddressInfo).port}` }
    expect(await send(deaf, message('ping', []), 300)).toEqual({ is: 'failed', because: 'no answer in time' })
  })
})
