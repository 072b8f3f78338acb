import { defineConfig, freeze, sh, signOff, soak } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    staging: {},
    production: {
      after: 'staging',
      waiting: 'join',
      gates: [
        'tests',
        soak('24h'),
        signOff({ by: ['ada', 'grace'], count: 2, expires: '3d' }),
        freeze({
          timeZone: 'Europe/London',
          windows: [
            'fri 16:00 – mon 08:00',
            { when: '2026-12-19 00:00 – 2027-01-04 08:00', reason: 'Christmas' },
          ],
        }),
      ],
    },
  },
})
