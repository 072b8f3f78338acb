import { defineConfig, errorBudget, headroom, sh, slo } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  slos: [slo.availability({ objective: 0.999, environments: ['production'] })],
  environments: {
    staging: { gates: ['tests', errorBudget({ below: 0.2 })] },
    production: { after: 'staging', gates: ['errorBudget', headroom({ below: 20, histroy: '3d' }), 'headrom'] },
    perf: { inStepWith: 'production' },
    other: { scales: 'they share nothing', gates: ['headroom'] },
  },
})
