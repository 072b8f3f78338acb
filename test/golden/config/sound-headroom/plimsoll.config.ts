import { defineConfig, headroom, sh, slo } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  slos: [slo.availability({ objective: 0.999 }), slo.latency({ objective: 0.99, below: '250ms' })],
  load: { besideProduction: true },
  environments: {
    staging: { instances: 4, gates: ['tests', headroom({ below: 0.1 })] },
    small: { inStepWith: 'staging', size: 1 / 2, loadTest: {} },
    production: { after: 'staging', instances: 6, gates: ['tests', 'loadLine', 'errorBudget', 'headroom'] },
    perf: {
      inStepWith: 'production',
      size: 1 / 3,
      scales: 'instances share nothing but the database, which carries ten times as much',
      loadTest: {},
    },
  },
})
