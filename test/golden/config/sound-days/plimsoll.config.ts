import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  predict: {
    timeZone: 'Europe/London',
    days: [
      { calendar: 'ops/bank-holidays.ics', kind: 'bank-holiday', like: 'sunday' },
      { on: ['2099-01-31', '2099-07-31'], kind: 'deadline' },
      { every: 'last working day', kind: 'pay-day' },
    ],
  },
  environments: { production: {} },
})
