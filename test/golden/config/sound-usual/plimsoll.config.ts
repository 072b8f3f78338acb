import { defineConfig, rolling, secret, sh, slo } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js', port: 'PORT', health: '/healthcheck' },
  pipeline: {
    install: { steps: [sh('npm ci')], cache: { key: ['package-lock.json'], paths: ['node_modules'] } },
    lint: { needs: ['install'], steps: [sh('npm run lint')] },
    test: {
      needs: ['install'],
      steps: [sh('npm test', { name: 'unit tests', timeout: '90s', retries: 1 })],
      reports: { junit: 'reports/*.xml' },
    },
  },
  slos: [
    slo.availability({ objective: 0.999 }),
    slo.latency({ objective: 0.99, below: '250ms', window: '7d' }),
  ],
  environments: {
    production: { after: 'staging', instances: 3, port: 8443, deploy: rolling({ bake: '1m30s' }), promote: 'manual' },
    staging: { env: { API_KEY: secret('STAGING_API_KEY'), LOG_LEVEL: 'debug', TEST_TOKEN: 'not-a-real-one' } },
  },
})
