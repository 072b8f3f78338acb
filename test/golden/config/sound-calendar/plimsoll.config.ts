import { defineConfig, freeze, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    production: {
      gates: [
        'tests',
        freeze({
          timeZone: 'Europe/London',
          calendar: 'ops/freeze.ics',
          windows: ['fri 16:00 – mon 08:00'],
        }),
      ],
    },
  },
})
