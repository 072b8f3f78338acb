import { blueGreen, defineConfig, rolling, sh } from 'plimsoll'

export default defineConfig({
  service: 'settlements',
  start: { command: 'node worker.js', port: false, ready: 'file', grace: '2m' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    staging: { deploy: rolling({ overlap: false }) },
    production: { after: 'staging', instances: 3, deploy: blueGreen({ bake: '1m' }), data: true },
  },
})
