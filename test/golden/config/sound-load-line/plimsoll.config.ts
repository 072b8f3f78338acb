import { defineConfig, secret, sh, slo } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  slos: [slo.latency({ objective: 0.99, below: '250ms' })],
  load: {
    scenario: 'load/pay.load.ts',
    prepare: 'node load/seed.js',
    env: { ACQUIRER_KEY: secret('ACQUIRER_TEST_KEY') },
    besideProduction: true,
  },
  environments: {
    production: { gates: ['tests', 'loadLine'] },
  },
})
