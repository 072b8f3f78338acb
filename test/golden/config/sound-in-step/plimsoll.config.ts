import { defineConfig, rolling, secret, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    perf: {
      inStepWith: 'production',
      size: 1 / 3,
      env: { DB_URL: secret('PERF_DB_URL') },
      differs: { 'env.DB_URL': 'it has a database of its own' },
    },
    production: {
      instances: 3,
      deploy: rolling({ bake: '30s' }),
      env: { DB_URL: secret('DB_URL') },
      gates: ['tests', 'drift'],
    },
  },
})
