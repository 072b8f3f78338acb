import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    staging: { size: 0.5, scalesBySize: '', limits: { app: { cpus: 1 } }, gates: ['drift', 'loadTest'] },
    production: { after: 'staging', env: { DB_URL: 'db://here' } },
    unknown: { inStepWith: 'prodution' },
    both: { after: 'staging', inStepWith: 'production', instances: 2, promote: 'manual' },
    chained: { inStepWith: 'undeclared' },
    undeclared: { inStepWith: 'production', size: 0, data: true, env: { DB_URL: 'db://perf' } },
    idle: { inStepWith: 'production', differs: { 'env.DB_ULR': 'its own', replicas: 'fewer', 'env.DB_URL': '' } },
    one: { inStepWith: 'other' },
    other: { inStepWith: 'one' },
    tested: {
      inStepWith: 'production',
      loadTest: { at: ['weekdays 03:00'], rest: sh('./down'), asleep: false },
    },
    awake: { inStepWith: 'production', loadTest: { wake: sh('./up') } },
    self: { inStepWith: 'self' },
  },
})
