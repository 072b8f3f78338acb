import { defineConfig, rolling, secret, sh, slo } from 'plimsoll'

export default defineConfig({
  service: 'card payments',
  start: { command: '', port: 3000, health: 'healthcheck', readyWithin: '1 minute' },
  pipeline: {
    install: { steps: [sh('npm ci', { timeout: 'soon' })] },
    test: { needs: ['instal'], steps: [] },
  },
  slos: [
    slo.availability({ objective: 100 }),
    slo.latency({ objective: 0.99, below: '250 msec' }),
  ],
  environments: {
    staging: { instances: 0, gates: ['test'] },
    production: {
      after: 'stagin',
      instnaces: 3,
      deploy: rolling({ surge: 1.5 }),
      env: { API_KEY: secret('api-key') },
    },
  },
})
