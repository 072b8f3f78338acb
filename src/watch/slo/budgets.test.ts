import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PlimsollError } from '../../kernel/index.ts'
import { memorySeries } from '../../series/index.ts'
import { prometheusPlace } from '../access/config.ts'
import { slosConfig } from '../slo-config.ts'
import { createBudgets } from './budgets.ts'

let server: Server
let url = ''

/** A Prometheus that answers with 1,000 events, of which 2 were bad, whoever says the word. */
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.headers.authorization !== 'Bearer open-sesame') {
      response.statusCode = 401
      return void response.end('who are you?')
    }
    let body = ''
    request.on('data', (part) => (body += part))
    request.on('end', () => {
      const query = new URLSearchParams(body)
      const at = Number(query.get('time') ?? query.get('end'))
      const value: [number, string] = [at, query.get('query')?.includes('late') ? '2' : '1000']
      const result = request.url?.endsWith('query_range')
        ? { resultType: 'matrix', result: [{ metric: {}, values: [value] }] }
        : { resultType: 'vector', result: [{ metric: {}, value }] }
      response.end(JSON.stringify({ status: 'success', data: result }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

const bad = 'sum(increase(payouts_total{state="late"}[$window]))'
const total = 'sum(increase(payouts_total[$window]))'
const [slo] = slosConfig.parse([
  { kind: 'promql', name: 'payouts', objective: 0.99, window: '7d', bad, total },
])
const secrets = async (names: readonly string[]) =>
  Object.fromEntries(
    names.map((name) => {
      if (name !== 'SESAME') throw new PlimsollError('PLM_SECRET_MISSING', `${name} has no value`)
      return [name, 'open-sesame']
    }),
  )

describe('a promise of which a Prometheus knows that does not answer everybody', () => {
  const countsAt = async (place: unknown) => {
    if (!slo) throw new Error('no SLO')
    const prometheus = prometheusPlace.parse(place)
    const promised = { service: 'payments', environment: 'production', slo, prometheus }
    return (await createBudgets(memorySeries({}), secrets).countsOf(promised, 1_700_000_000_000))(3_600_000)
  }

  it('is asked of it with what lets us in', async () => {
    const counts = await countsAt({ url, bearer: { secret: 'SESAME' } })
    expect(counts).toMatchObject({ bad: 2, total: 1_000 })
  })

  it('is not known without, and says why', async () => {
    await expect(countsAt(url)).rejects.toMatchObject({ code: 'PLM_SERIES_UNREACHABLE' })
    await expect(countsAt(url)).rejects.toThrow('answered 401: who are you?')
    await expect(countsAt({ url, bearer: { secret: 'OTHER' } })).rejects.toThrow(
      'was not asked: OTHER has no value',
    )
  })
})
