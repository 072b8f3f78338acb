import { defineConfig, probe, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  watch: {
    interval: '10m',
    prometheus: { url: 'http://prometheus.example.org', basic: { user: 'ada', password: { secret: 'PW' } } },
    elsewhere: {
      production: { address: 'pay.example.org' },
      old: { metrics: ['/metrics', 'metrics'] },
    },
  },
  probes: [
    probe.http('front', { in: ['prodution', 'old'] }),
    probe.tcp('front', { host: 'db.example.org', port: 0 }),
    { kind: 'ping', name: 'x' } as never,
  ],
  environments: { production: {} },
})
