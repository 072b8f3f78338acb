import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPosts, type MessageBody, type PostEnd } from '../../src/notify/index.ts'
import { type HttpReceiver, listenHttp } from '../support/alert-receivers.ts'
import { freePort } from '../support/ports.ts'
import { alertmanagerPath, needs } from '../support/requirements.ts'

type Told = {
  readonly status: string
  readonly alerts: readonly { status: string; labels: Record<string, string> }[]
}

let url = ''
let stop: () => Promise<void> = async () => {}
let people: HttpReceiver

/** A real Alertmanager that tells a receiver of ours whatever it would tell people. */
async function startAlertmanager(): Promise<void> {
  people = await listenHttp((_heard, response) => response.writeHead(200).end())
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-alertmanager-'))
  const config = [
    'route: { receiver: people, group_by: [slo], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }',
    `receivers: [{ name: people, webhook_configs: [{ url: '${people.url}/', send_resolved: true }] }]`,
  ]
  writeFileSync(join(folder, 'alertmanager.yml'), `${config.join('\n')}\n`)
  const address = `127.0.0.1:${await freePort()}`
  url = `http://${address}`
  const child = spawn(
    alertmanagerPath,
    [
      `--config.file=${folder}/alertmanager.yml`,
      `--storage.path=${folder}/data`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  )
  const ended = new Promise((resolve) => child.once('exit', resolve))
  stop = async () => {
    child.kill('SIGTERM')
    await ended
    await people.close()
    rmSync(folder, { recursive: true, force: true })
  }
  await until('the Alertmanager', async () => (await fetch(`${url}/-/ready`).catch(() => undefined))?.ok)
}

async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const end = Date.now() + 15_000
  while (Date.now() < end) {
    const found = await look()
    if (found) return found
    await sleep(50)
  }
  throw new Error(`${what} did not come`)
}

const body = (type: MessageBody['type'], slo: string, more: object = {}): MessageBody => ({
  schemaVersion: 1,
  id: `payments.${type}`,
  type,
  at: new Date().toISOString(),
  service: 'payments',
  environment: 'production',
  text: 'it burns',
  page: '/alerts',
  alerts: [
    {
      environment: 'production',
      slo,
      window: '1h',
      severity: 'page',
      text: 'it burns',
      next: 'look',
      changes: ['5b1f was deployed'],
      firedAt: new Date(Date.now() - 60_000).toISOString(),
      ...more,
    },
  ],
})

/** @param agoMs how long ago it is sent, as far as the sender knows */
async function send(message: MessageBody, agoMs = 0): Promise<PostEnd> {
  const posts = createPosts({ now: () => Date.now() - agoMs, secrets: async () => ({}) })
  const ended = new Promise<void>((resolve) => posts.watch(() => resolve()))
  const spec = {
    kind: 'alertmanager',
    url,
    id: message.id,
    body: JSON.stringify(message),
    timeoutMs: 5_000,
  } as const
  await posts.start('notifier/payments.am/1', spec)
  await ended
  const found = await posts.find('notifier/payments.am/1')
  if (typeof found === 'string') throw new Error(found)
  return found.ended
}

const toldOf = (slo: string): readonly string[] =>
  people.heard
    .map(({ body: said }) => JSON.parse(said) as Told)
    .filter(({ alerts }) => alerts.some(({ labels }) => labels.slo === slo))
    .map(({ status }) => status)

describe.skipIf(needs('alertmanager').missing)('a real Alertmanager', () => {
  beforeAll(startAlertmanager)
  afterAll(() => stop())

  it('tells people once of what it is told again and again, and once that it is over', async () => {
    for (let i = 0; i < 3; i++)
      expect(await send(body('alert.page', 'availability'))).toEqual({ is: 'answered', status: 200 })
    await until('that it fires', () => toldOf('availability').includes('firing'))
    const active = (await (await fetch(`${url}/api/v2/alerts?active=true`)).json()) as object[]
    expect(active).toMatchObject([
      {
        labels: {
          alertname: 'ErrorBudgetBurns',
          service_name: 'payments',
          deployment_environment_name: 'production',
          slo: 'availability',
          severity: 'page',
          window: '1h',
        },
        annotations: {
          summary: 'production of payments: it burns',
          next_step: 'look',
          changes: '5b1f was deployed',
        },
      },
    ])
    const over = body('alert.resolved', 'availability', { resolvedAt: new Date().toISOString() })
    for (let i = 0; i < 2; i++) expect(await send(over)).toMatchObject({ status: 200 })
    await until('that it is over', () => toldOf('availability').includes('resolved'))
    expect(toldOf('availability')).toEqual(['firing', 'resolved'])
  })

  it('takes for over what nobody says again', async () => {
    // Four minutes are as good as gone.
    expect(await send(body('alert.page', 'forgotten'), 237_000)).toMatchObject({ status: 200 })
    await until('that it fires', () => toldOf('forgotten').includes('firing'))
    await until('that it is over', () => toldOf('forgotten').includes('resolved'))
  })

  it('takes a test, which ends by itself', async () => {
    const { alerts: _, ...ping } = body('ping', 'test')
    expect(await send(ping)).toMatchObject({ status: 200 })
    const all = (await (await fetch(`${url}/api/v2/alerts`)).json()) as { labels: Record<string, string> }[]
    expect(all.map(({ labels }) => labels.alertname)).toContain('PlimsollTest')
  })
})
