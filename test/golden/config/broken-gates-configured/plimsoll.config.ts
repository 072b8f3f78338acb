import { defineConfig, freeze, sh, signOff, soak } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    production: {
      gates: [
        'tests',
        soak('a day'),
        signOff({ by: [], counts: 2 }),
        signOff({ by: ['ada'] }),
        freeze({ timeZone: 'Europe/Londn', windows: ['weekends'] }),
        { kind: 'frieze' },
      ],
    },
  },
})
