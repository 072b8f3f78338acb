import { defineConfig, probe, secret, sh, slo, webhook } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js', port: 'PORT', health: '/healthcheck' },
  pipeline: { test: { steps: [sh('npm test')] } },
  watch: { prometheus: { url: 'https://prometheus.internal:9090', bearer: secret('PROMETHEUS_TOKEN') } },
  slos: [
    slo.availability({ objective: 0.9, window: '30d' }),
    slo.latency({ objective: 0.99, below: '250ms' }),
    slo.latency({ name: 'slowest', objective: 0.999, below: '2s', environments: ['staging', 'production'] }),
    slo.ratio({
      name: 'captures',
      objective: 0.995,
      good: 'captures_total{outcome!~"failed|expired"}',
      total: 'captures_total',
      lowTraffic: { bad: 3 },
    }),
    slo.probe({ probe: 'front', objective: 0.99 }),
    slo.promql({
      name: 'payouts',
      objective: 0.99,
      window: '7d',
      bad: 'sum(increase(payouts_total{state="late"}[$window]))',
      total: 'sum(increase(payouts_total[$window]))',
    }),
  ],
  probes: [probe.http('front')],
  notify: [webhook({ name: 'pager', url: secret('PAGER_URL'), key: secret('PAGER_KEY') })],
  alerts: {
    routes: [{ match: 'severity="page",environment=~"prod.*"', to: ['pager'] }],
    dependsOn: ['cards'],
    alive: '5m',
  },
  environments: { staging: {}, production: { after: 'staging' } },
})
