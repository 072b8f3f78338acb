import { blueGreen, canary, defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    staging: { deploy: blueGreen({ bake: '10s' }) },
    production: {
      after: 'staging',
      instances: 3,
      deploy: canary({ stages: [0.05, 0.25], watch: '10m', inconclusive: 'hold' }),
    },
  },
})
