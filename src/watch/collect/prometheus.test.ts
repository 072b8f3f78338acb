import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { needs } from '../../../test/support/requirements.ts'
import { type SeriesServer, startPrometheus } from '../../../test/support/series-servers.ts'
import type { Reading } from '../../series/index.ts'
import { remoteSeries } from '../../series/remote/remote.ts'
import { openAccess } from '../access/access.ts'
import { conventionIn, expressionsOf } from './plan/prometheus.ts'
import { askPrometheus } from './prometheus.ts'

const minutes = 6
const at = Math.floor(Date.now() / 1_000) * 1_000

/** Counters that grow by so much each second, over the last minutes. */
function growing(name: string, labels: Readonly<Record<string, string>>, perSecond: number): Reading[] {
  return Array.from({ length: minutes * 4 + 1 }, (_, i) => {
    const seconds = i * 15
    return { name, labels, at: at - minutes * 60_000 + seconds * 1_000, value: seconds * perSecond }
  })
}

/** 20 requests a second, of which one fails; all but those of a tenth take up to 0.1 s, the rest up to 0.5 s. */
function service(job: string, count: string, bucket: string | undefined, status: string): Reading[] {
  const label = { job, instance: 'a:1' }
  const edges = [
    ['0.1', 18],
    ['0.5', 20],
    ['+Inf', 20],
  ] as const
  return [
    ...growing(count, { ...label, [status]: '200' }, 19),
    ...growing(count, { ...label, [status]: '503' }, 1),
    ...(bucket === undefined ? [] : edges.flatMap(([le, rate]) => growing(bucket, { ...label, le }, rate))),
  ]
}

const otel = 'http_server_request_duration_seconds'
const common = 'http_request_duration_seconds'

describe('what is asked of a Prometheus', () => {
  it('is the first convention that there is, and what the team says itself', () => {
    const found = conventionIn(['http_requests_total', `${common}_count`, `${otel}_count`])
    expect(found?.count).toBe(`${otel}_count`)
    const own = {
      selector: 'job="a"',
      rate: 'rate(paid_total[5m])',
      latency: 'paid_seconds{quantile="$quantile"}',
    }
    const asked = expressionsOf(own, undefined)
    expect(asked).toMatchObject({ rate: 'sum(rate(paid_total[5m]))' })
    expect(asked.errors).toBeUndefined()
    expect(asked.latency?.(0.99)).toBe('paid_seconds{quantile="0.99"}')
  })
})

describe('a Prometheus that is not well', () => {
  it('is told as such, and never as a service without requests', async () => {
    const answers: Record<string, [number, string]> = {
      '/broken': [500, 'out of memory'],
      '/html': [200, '<html>'],
      '/refuses': [401, 'Unauthorized'],
    }
    const server = createServer((request, response) => {
      const [status, text] = answers[(request.url ?? '').replace('/api/v1/query', '')] ?? []
      if (status === undefined) return
      response.statusCode = status
      response.end(text)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const because = async (path: string) => {
      const said = await askPrometheus(`${url}${path}`, { selector: 'job="a"' }, openAccess, 300, at)
      return 'because' in said ? said.because : undefined
    }
    expect(await because('/broken')).toBe('answered 500: out of memory')
    expect(await because('/html')).toBe('answered 200: <html>')
    expect(await because('/refuses')).toBe('answered 401: Unauthorized')
    expect(await because('/slow')).toBe('did not answer within 300 ms')
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    expect(await because('/')).toBe('does not answer: ECONNREFUSED')
  })
})

describe.skipIf(needs('prometheus').missing !== undefined)('a real Prometheus', () => {
  let server: SeriesServer
  const ask = (questions: Parameters<typeof askPrometheus>[1]) =>
    askPrometheus(server.url, questions, openAccess, 10_000, at)

  beforeAll(async () => {
    server = await startPrometheus()
    const store = remoteSeries({
      kind: 'prometheus',
      url: server.url,
      onProblem(problem) {
        throw problem
      },
    })
    await store.append([
      ...service('otel', `${otel}_count`, `${otel}_bucket`, 'http_response_status_code'),
      ...service('common', `${common}_count`, `${common}_bucket`, 'code'),
      ...service('counter', 'http_requests_total', undefined, 'status'),
      ...growing('http_requests_total', { job: 'mute' }, 3),
      ...growing('paid_total', { is: 'late' }, 2),
    ])
    await store.close()
  }, 60_000)
  afterAll(() => server?.stop())

  it.each([
    ['otel', 3],
    ['common', 3],
    ['counter', 0],
  ])('knows rate, failures and latency by what services tell: %s', async (job, known) => {
    const said = await ask({ selector: `job="${job}"` })
    if ('because' in said) throw new Error(said.because)
    expect(said.problems).toEqual([])
    expect(said.figures.rate).toBeCloseTo(20, 1)
    expect(said.figures.errors).toBeCloseTo(1, 1)
    expect(said.figures.latency).toHaveLength(known)
    if (known > 0) {
      const [[, p50 = 0] = [], [, p95 = 0] = []] = said.figures.latency
      expect(p50).toBeCloseTo(0.1 * (10 / 18), 2)
      expect(p95).toBeCloseTo(0.3, 2)
    }
  })

  it('says what it does not know', async () => {
    expect(await ask({ selector: 'job="nobody"' })).toEqual({
      because: 'knows of no requests of {job="nobody"}: selector or rate says which are meant',
    })
    const mute = await ask({ selector: 'job="mute"' })
    expect(mute).toMatchObject({
      figures: { errors: undefined },
      problems: ['none of its series says how requests were answered: what failed is not known'],
    })
    expect(await ask({ selector: 'job="a"', rate: 'rate(gone_total[5m])' })).toEqual({
      because: 'knows of no requests in the last five minutes',
    })
    expect(await ask({ selector: 'job="a"', rate: 'rate(' })).toMatchObject({
      because: expect.stringContaining('parse error'),
    })
  })

  it('is asked what the team says', async () => {
    const own = {
      selector: 'job="a"',
      rate: 'rate(paid_total[5m])',
      errors: 'rate(paid_total{is="late"}[5m])',
    }
    const said = await ask(own)
    expect(said).toMatchObject({ problems: [], figures: { latency: [] } })
    if ('figures' in said) expect(said.figures.errors).toBeCloseTo(2, 1)
  })
})
