import { defineConfig, rolling, sh, slo } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: {
    command: 'node src/main.js',
    port: 'PORT',
    health: '/healthcheck',
    readyWithin: '15s',
    grace: '25s',
  },
  pipeline: {
    check: {
      steps: [
        sh('for file in src/*.js support/*.js test/*.js; do node --check "$file"; done', { name: 'syntax' }),
      ],
    },
    test: { needs: ['check'], steps: [sh('npm test')], reports: { junit: 'reports/*.xml' } },
  },
  release: { exclude: ['test/**', 'support/**', 'reports/**'] },
  slos: [slo.availability({ objective: 0.999 }), slo.latency({ objective: 0.99, below: '250ms' })],
  load: {
    scenario: 'load/customers.load.ts',
    prepare: 'node load/seed.js',
    env: { ACQUIRER_MS: '0' },
    budget: '5m',
    besideProduction: true,
  },
  environments: {
    staging: { instances: 1, port: 8081, deploy: rolling(), data: true },
    production: {
      after: 'staging',
      instances: 3,
      port: 8080,
      deploy: rolling(),
      gates: ['tests', 'loadLine'],
      data: true,
    },
  },
})
