import { defineConfig, sh, slo } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  slos: [slo.availability({ objective: 0.999 })],
  load: { scenario: '../elsewhere/pay.load.ts', objective: 'p99 is fast', margin: 5, budjet: '5m' },
  environments: {
    production: { gates: ['tests', 'loadLine'] },
  },
})
