import { defineConfig, secret, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test', { env: { CI: true } })] } },
  environments: {
    production: {
      env: {
        WORKERS: 4,
        'API-KEY': secret('API_KEY'),
        DB_PASSWORD: ['hunter2'],
        STRIPE_TOKEN: secret('sk_live_4242'),
        SPLIT: 'before\0behind',
      },
    },
  },
})
