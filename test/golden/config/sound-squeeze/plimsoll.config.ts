import { defineConfig, sh, slo } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  slos: [slo.latency({ objective: 0.99, below: '250ms' })],
  environments: {
    // Nothing is promised here: it is said that this would be refused.
    staging: { instances: 2, squeeze: { maxShare: 0.6 } },
    production: {
      after: 'staging',
      instances: 3,
      squeeze: { maxShare: 0.7, stages: [0.4, 0.5, 0.7], watch: '2m', scales: 'they share nothing' },
    },
  },
})
