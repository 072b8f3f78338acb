import { defineConfig, sh, slo } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  slos: [slo.latency({ objective: 0.99, below: '250ms' })],
  environments: {
    staging: { instances: 3, squeeze: { stages: [0.6, 0.5], watch: 'long', share: 0.6 } as object },
    test: { instances: 3, squeeze: { maxShare: 0.6, stages: [0.5, 0.8], scales: ' ' } },
    single: { squeeze: { maxShare: 0.6 } } as object,
    production: { after: 'staging', instances: 3, squeeze: { maxShare: 1 } },
  },
})
