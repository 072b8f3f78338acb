import { createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MessageBody, messageBody } from '../../src/notify/plan/message.ts'
import { type Killing, killingOf } from '../support/killing.ts'
import { freePort } from '../support/ports.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, services, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

let stage: Stage
let killing: Killing
let server: Server
const received: MessageBody[] = []
let answer: (response: ServerResponse, request: IncomingMessage) => void = (response) =>
  response.writeHead(204).end()

/** Whoever has the key can tell that it comes from us. */
function checkSignature({ headers }: IncomingMessage, body: string): void {
  const signed = createHmac('sha256', 'hook-signing-key')
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
    .digest('base64')
  expect(headers['webhook-signature']).toBe(`v1,${signed}`)
  expect(body).not.toMatch(/s3cret-greeting|hook-signing-key|t0ps3cret/)
}

async function listen(port: number): Promise<void> {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece) => {
      body += piece
    })
    request.on('end', () => {
      checkSignature(request, body)
      received.push(messageBody.parse(JSON.parse(body)))
      answer(response, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
}

const silence = () =>
  new Promise<void>((resolve) => {
    server.closeAllConnections()
    server.close(() => resolve())
  })

const change = async (text: string) => {
  await stage.edit('server.js', (code) => code.replace(/hello.* from/, `hello ${text} from`))
  return stage.push(text)
}

/** Each message once, in the order in which it first came. */
const told = () => [...new Map(received.map((one) => [one.id, one])).values()]
const inProduction = () => told().filter(({ environment }) => environment === 'production')
const typesTold = () => inProduction().map(({ type }) => type)
const arrives = (type: string, count = 1) =>
  until(`${count} ${type}`, async () =>
    typesTold().filter((one) => one === type).length >= count ? true : undefined,
  )

beforeAll(async () => {
  stage = await setStage(source, 'hello')
  killing = killingOf(stage)
  const port = await freePort()
  await listen(port)
  writeFileSync(
    join(stage.home, 'secrets.env'),
    [
      'GREETING=s3cret-greeting',
      `HOOK_URL=http://127.0.0.1:${port}/hook/t0ps3cret`,
      'HOOK_KEY=hook-signing-key\n',
    ].join('\n'),
    { mode: 0o600 },
  )
  await stage.edit('plimsoll.config.ts', (text) =>
    text
      .replace('secret, sh }', 'secret, sh, webhook }')
      .replace(
        '  environments: {',
        "  notify: [webhook({ name: 'ops', url: secret('HOOK_URL'), key: secret('HOOK_KEY') })],\n  environments: {",
      ),
  )
}, 60_000)

afterAll(async () => {
  await stage?.close()
  await silence().catch(() => {})
})

describe('a webhook', { timeout: 90_000 }, () => {
  it('is told of a deployment, signed, with what and why', async () => {
    const commit = await change('one')
    await deploymentEnds(stage, commit, 'production')
    await arrives('deployment.passed')
    expect(typesTold()).toEqual(['deployment.started', 'deployment.passed'])
    expect(inProduction()[1]).toMatchObject({
      service: 'hello',
      environment: 'production',
      text: expect.stringMatching(/^one \(\w{12}\) runs in production of hello$/),
      page: '/deployments/hello.production.1',
      deployment: { id: 'hello.production.1', commit, subject: 'one', actor: 'plimsoll' },
    })
  })

  it('gets everything in order once it is back, though the server was killed meanwhile; no deployment waits for it', async () => {
    const { port } = server.address() as AddressInfo
    await silence()
    const view = await deploymentEnds(stage, await change('two'), 'production')
    expect(view.standing).toBe('passed')
    const said = await until('the trouble', async () => {
      const { wrong } = await services(stage)
      return wrong.find(({ text }) => text.includes('notifier ops is not reached'))?.text
    })
    expect(said).toMatch(
      /^hello: notifier ops is not reached: the connection failed \(ECONNREFUSED\); \d messages on the way$/,
    )
    expect(await stage.plimsoll('status')).toContain('notifier ops is not reached')
    expect(await stage.plimsoll('notifiers')).toMatch(/ops .*not reached: the connection failed/)
    await killing.kill()
    await listen(port)
    await arrives('deployment.passed', 2)
    expect(typesTold()).toEqual([
      'deployment.started',
      'deployment.passed',
      'deployment.started',
      'deployment.passed',
    ])
    await until('no trouble', async () => ((await services(stage)).wrong.length === 0 ? true : undefined))
  })

  it('is told the same again, by the same name, when the server dies while it listens', async () => {
    let asked = 0
    answer = (response) => {
      asked++
      if (asked > 1) response.writeHead(200).end()
    }
    const waived = await stage.plimsoll('waive', 'production', 'tests', '--reason', 'audit', '--for', '1h')
    expect(waived).toContain('production lets gate tests through')
    await until('the first try', async () => (asked > 0 ? true : undefined))
    await killing.kill()
    await until('the second try', async () => (asked > 1 ? true : undefined))
    const tries = received.filter(({ type }) => type === 'gate.waived')
    expect(tries.length).toBeGreaterThanOrEqual(2)
    expect(new Set(tries.map(({ id }) => id)).size).toBe(1)
    expect(tries[0]).toMatchObject({ gate: { name: 'tests', owner: 'first', reason: 'audit' } })
  })

  it('is told although servers die before and after they send', async () => {
    answer = (response) => response.writeHead(204).end()
    const known = received.length
    await killing.arm('posts.start:before', 'posts.start:after')
    await stage.plimsoll('notifiers', '--test', 'ops')
    await killing.reached()
    const pings = await until('the message', async () => {
      const found = received.slice(known).filter(({ type }) => type === 'ping')
      return found.length > 0 ? found : undefined
    })
    expect(new Set(pings.map(({ id }) => id)).size).toBe(1)
    await until('no trouble', async () => ((await services(stage)).wrong.length === 0 ? true : undefined))
  })

  it('that answers 410 is not told the same again, and that is shown', async () => {
    answer = (response) => response.writeHead(410).end()
    const known = received.length
    expect(await stage.plimsoll('notifiers', '--test', 'ops')).toContain('A message to ops is on its way')
    const { wrong } = await until('that it was given up', async () => {
      const view = await services(stage)
      return view.wrong.length > 0 ? view : undefined
    })
    expect(wrong[0]?.text).toBe('hello: notifier ops gave up 1 message: answered 410, gone')
    expect(received.length).toBe(known + 1)
    expect(await stage.plimsoll('notifiers')).toMatch(/1 given up/)
  })
})
