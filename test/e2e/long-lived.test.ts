import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangeView, DeploymentView } from '../../src/contract/index.ts'
import { download, get, upload, webSocket } from '../support/long-lived.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/streams', import.meta.url))
const megabytes = 1_024 * 1_024
const requestTimeoutMs = 25_000

let stage: Stage
let running: ReturnType<typeof begin>
let deployment: DeploymentView
/** When the new release answered for the first time. */
let swappedAt: number
/** What ran before. */
let old: string

/** All that clients do while the service is deployed. It begins on the release before. */
function begin(port: number) {
  return {
    poll: get(port, '/?after=9000'),
    drips: upload(port, Buffer.alloc(100, 'x'), 60, 200),
    endless: upload(port, Buffer.alloc(100, 'x'), 1_000, 200).catch((error: Error) => error),
    slowReader: download(port, 40 * megabytes, 4 * megabytes),
    bigUpload: upload(port, Buffer.alloc(megabytes, 'x'), 100, 100),
    bigDownload: download(port, 100 * megabytes, 10 * megabytes),
    events: get(port, '/events'),
    socket: webSocket(port, 200),
  }
}

const deploymentOf = async (commit: string) =>
  (await stage.get<ChangeView>(`/api/services/streams/changes/${commit}`)).deployments[0]

beforeAll(async () => {
  stage = await setStage(source, 'streams')
  const first = await deploymentEnds(stage, await stage.push('Begin'), 'production')
  expect(first).toMatchObject({ standing: 'passed', reasons: [] })
  old = (await get(stage.production, '/')).body
  await stage.edit('server.js', (code) => `// Another release.\n${code}`)
  const commit = await stage.push('Change')
  await until('the deployment', () => deploymentOf(commit))
  running = begin(stage.production)
  swappedAt = await until('the swap', async () =>
    (await get(stage.production, '/')).body === old ? undefined : Date.now(),
  )
  deployment = await deploymentEnds(stage, commit, 'production')
}, 180_000)

afterAll(async () => {
  await stage?.close()
})

describe('through a whole rolling deployment', { timeout: 60_000 }, () => {
  it('which passes without having lost a request', async () => {
    expect(deployment).toMatchObject({ standing: 'passed', ledger: { lost: 0 } })
    expect(old).not.toBe('')
  })

  it('a long poll is answered by the instance that it asked', async () => {
    const { status, body, release, endedAt } = await running.poll
    expect([status, body, release]).toEqual([200, old, old])
    expect(endedAt).toBeGreaterThan(swappedAt)
  })

  it('an upload that drips arrives whole', async () => {
    const { status, body, release, endedAt, hash } = await running.drips
    expect([status, body, release]).toEqual([200, hash, old])
    expect(endedAt).toBeGreaterThan(swappedAt)
  })

  it('an upload without an end is ended when its instance has waited for it, and counts as abandoned', async () => {
    const ended = await running.endless
    // The client may be writing at the moment at which its connection is closed.
    if (ended instanceof Error) expect(ended.message).toMatch(/ECONNRESET|EPIPE|socket hang up/)
    else expect(ended).toMatchObject({ status: 408 })
    expect(deployment.ledger.abandoned).toBe(1)
    expect((deployment.endedAt ?? 0) - swappedAt).toBeGreaterThan(requestTimeoutMs * 0.8)
  })

  it('a download that is read slowly arrives whole', async () => {
    const { status, bytes, release, endedAt } = await running.slowReader
    expect([status, bytes, release]).toEqual([200, 40 * megabytes, old])
    expect(endedAt).toBeGreaterThan(swappedAt)
  })

  it('100 MB go up', async () => {
    const { status, body, release, endedAt, hash } = await running.bigUpload
    expect([status, body, release]).toEqual([200, hash, old])
    expect(endedAt).toBeGreaterThan(swappedAt)
  })

  it('100 MB come down', async () => {
    const { status, bytes, release, endedAt } = await running.bigDownload
    expect([status, bytes, release]).toEqual([200, 100 * megabytes, old])
    expect(endedAt).toBeGreaterThan(swappedAt)
  })

  it('an event stream goes on for the grace, ends in order, and is found again at the new release', async () => {
    const { status, body, release, endedAt } = await running.events
    expect([status, release]).toEqual([200, old])
    expect(body).toMatch(new RegExp(`^(?:data: ${old}\\n\\n){40,}$`))
    expect(endedAt).toBeGreaterThan(swappedAt)
    expect((await get(stage.production, '/')).body).not.toBe(old)
  })

  it('a WebSocket goes on for the grace, is closed in order, and opens again at the new release', async () => {
    const { code, wasClean, at } = await running.socket.closed
    expect([code, wasClean]).toEqual([1_012, true])
    expect(at).toBeGreaterThan(swappedAt)
    expect(new Set(running.socket.heard)).toEqual(new Set([old.slice(0, 100)]))
    const again = webSocket(stage.production, 50)
    const greeting = await until('a word of the new release', async () => again.heard[0])
    expect(greeting).not.toBe(old.slice(0, 100))
    again.close()
    expect(await again.closed).toMatchObject({ wasClean: true })
  })
})
