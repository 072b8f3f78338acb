import { defineConfig, headroom, sh, slo } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  slos: [slo.latency({ objective: 0.99, below: '250ms' })],
  load: { besideProduction: true },
  predict: {
    lead: '2h',
    costs: {
      instance: -34.5,
      currency: 'gbp',
      per: 'fortnight' as 'month',
      cpuHour: 0.04,
      environments: { prodution: 60, staging: '12' as unknown as number },
    },
    sizes: [{ cpus: 0, memory: '4G' }],
  },
  environments: {
    staging: {},
    production: { after: 'staging', gates: [headroom({ ahead: '36h' })] },
    perf: { inStepWith: 'production', loadTest: {} },
  },
})
