import { describe, expect, it } from 'vitest'
import { type Indicator, promqlOf, sliOf } from './sli.ts'

const scope = { service: 'payments', environment: 'production' }
const said = (slo: Indicator) => promqlOf(sliOf(slo, scope), 3_600_000)
const here = 'service_name="payments",deployment_environment_name="production"'

describe('what counts', () => {
  it('of availability is what the gateway was answered, without what clients gave up', () => {
    const { bad, total } = said({ kind: 'availability' })
    expect(total).toBe(
      `sum by () (increase(plimsoll_gateway_requests_total{outcome=~"ok|client_error|server_error|lost",${here}}[1h]))`,
    )
    expect(bad).toContain(
      `increase(plimsoll_gateway_requests_total{outcome=~"server_error|lost",${here}}[1h])`,
    )
  })

  it.each([
    [250, 'le="0.25"'],
    [2_000, 'le=~"2|2[.]0"'],
    [1_500, 'le="1.5"'],
  ])('of latency below %i ms is an edge of the histogram', (below, edge) => {
    expect(said({ kind: 'latency', below }).bad).toContain(
      `http_server_request_duration_seconds_bucket{${edge},${here}}[1h]`,
    )
  })

  it('of counters is theirs, here unless they say where', () => {
    const total = 'captures_total{deployment_environment_name=~"prod.*",kind!="test"}'
    expect(said({ kind: 'ratio', good: 'captured_total', total })).toEqual({
      total:
        'sum by () (increase(captures_total{deployment_environment_name=~"prod.*",kind!="test",service_name="payments"}[1h]))',
      bad: expect.stringContaining(`increase(captured_total{${here}}[1h])`),
    })
  })

  it('of a probe is each time that it asked', () => {
    const asked = `plimsoll_probe_success{plimsoll_probe="front",${here}}[1h]`
    expect(said({ kind: 'probe', probe: 'front' })).toEqual({
      total: `sum by () (count_over_time(${asked}))`,
      bad: `clamp_min(sum by () (count_over_time(${asked})) - sum by () (sum_over_time(${asked})), 0)`,
    })
  })

  it('of expressions is what they say, with the names filled in', () => {
    const count = (state: string) =>
      `sum(increase(payouts{${state}env="$environment",app="$service"}[$window]))`
    expect(said({ kind: 'promql', bad: count('state="late",'), total: count('') })).toEqual({
      total: 'sum(sum(increase(payouts{env="production",app="payments"}[1h])))',
      bad: expect.stringContaining('increase(payouts{state="late",env="production",app="payments"}[1h])'),
    })
  })
})
