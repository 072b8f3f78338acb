import { canary, defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  containers: {
    app: {
      stage: 'app',
      port: 3000,
      health: '/healthcheck',
      readyWithin: '20s',
      grace: '10s',
      memory: '160MiB',
    },
  },
  pipeline: { test: { steps: [sh('for file in src/*.js; do node --check "$file"; done')] } },
  smoke: { before: sh('node smoke.js') },
  environments: {
    production: {
      target: 'docker',
      port: 8080,
      instances: 2,
      deploy: canary({ stageAtMost: '30s', watch: '40s', warmUp: '10s', bake: '2s' }),
      env: { HOST: '0.0.0.0' },
      data: true,
      gates: [],
    },
  },
})
