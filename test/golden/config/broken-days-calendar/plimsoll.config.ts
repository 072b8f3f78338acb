import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  predict: {
    timeZone: 'Europe/London',
    days: [
      { calendar: 'ops/nowhere.ics', kind: 'bank-holiday', like: 'sunday' },
      { calendar: 'ops/deadlines.ics', kind: 'deadline' },
    ],
  },
  environments: { production: {} },
})
