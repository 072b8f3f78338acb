import { defineConfig, headroom, sh, slo } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  slos: [slo.latency({ objective: 0.99, below: '250ms' })],
  load: { besideProduction: true },
  predict: {
    costs: {
      ...{ instance: 34.5, cpuHour: 0.04, gibHour: 0.0045, currency: 'GBP', per: 'month' },
      environments: { staging: 12 },
    },
    sizes: [{ cpus: 1, memory: '2GiB' }, { cpus: 2, memory: '4GiB', price: 70 }],
  },
  environments: {
    staging: {},
    production: { after: 'staging', gates: [headroom({ ahead: '14d' })] },
    perf: { inStepWith: 'production', loadTest: {} },
  },
})
