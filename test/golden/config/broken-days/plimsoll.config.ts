import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  predict: {
    timeZone: 'Europe/Londn',
    days: [
      { on: '2026-12-25', kind: 'bank-holiday', like: 'sundy' },
      { on: ['2026-02-30', '2026-12-25'], kind: 'deadline' },
      { every: 'last workday', kind: 'pay-day' },
      { every: 'day 28', on: '2026-11-30', kind: 'pay-day' },
      { kind: 'deadline' },
      { on: '31 January', kind: 'tax return' },
      { calender: 'ops/holidays.ics', kind: 'bank-holiday' },
    ],
  },
  environments: { production: {} },
})
