import { defineConfig, rolling, secret, sh, slo } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  slos: [slo.latency({ objective: 0.99, below: '250ms' })],
  load: { besideProduction: true, line: { least: 200 } },
  environments: {
    perf: {
      inStepWith: 'production',
      size: 1 / 3,
      env: { DB_URL: secret('PERF_DB_URL') },
      differs: { 'env.DB_URL': 'it has a database of its own' },
      loadTest: {
        at: ['mon-fri 03:00 Europe/London'],
        wake: sh('./dependencies up'),
        rest: sh('./dependencies down'),
        seed: sh('node load/seed.js', { timeout: '5m' }),
      },
    },
    production: {
      instances: 3,
      deploy: rolling({ bake: '30s' }),
      env: { DB_URL: secret('DB_URL') },
      gates: ['tests', 'drift', 'loadTest'],
    },
  },
})
