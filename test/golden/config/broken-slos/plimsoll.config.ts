import { defineConfig, probe, sh, slo } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js', port: 'PORT', health: '/healthcheck' },
  pipeline: { test: { steps: [sh('npm test')] } },
  slos: [
    slo.availability({ objective: 0.999, window: '14d' }),
    slo.latency({ objective: 0.99, below: '250ms', lowTraffic: { bad: 0, chance: 0, coverage: 2, floor: 3 } as never }),
    slo.latency({ objective: 0.999, below: '2s', environments: ['prod'] }),
    slo.ratio({ name: 'captures', objective: 0.995, total: 'captures_total' }),
    slo.ratio({ name: 'refunds', objective: 0.995, bad: 'refunds_total{outcome~"failed"}', total: '' }),
    slo.latency({ name: 'instant', objective: 0.99, below: '0s' }),
    slo.promql({ name: 'payouts', objective: 0.99, bad: 'sum(payouts_total)', total: 'sum(increase(payouts_total[$window]))' }),
    slo.probe({ probe: 'frnt', objective: 0.99 }),
    { kind: 'throughput', objective: 0.99 } as never,
  ],
  probes: [probe.http('front')],
  alerts: {
    routes: [{ match: 'severity=page', to: ['pager'] }],
    groupBy: ['release' as never],
    deadAfter: '10s',
  },
  environments: { production: {} },
})
