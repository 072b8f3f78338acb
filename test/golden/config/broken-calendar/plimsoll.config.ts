import { defineConfig, freeze, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    staging: {
      gates: [freeze({ timeZone: 'Europe/London', calendar: 'ops/holidays.ics' })],
    },
    production: {
      gates: ['tests', freeze({ timeZone: 'Europe/London', calendar: 'ops/freeze.ics' })],
    },
  },
})
