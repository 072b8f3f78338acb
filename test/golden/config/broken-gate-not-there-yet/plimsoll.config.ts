import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    production: { gates: ['tests', 'forecast'] },
  },
})
