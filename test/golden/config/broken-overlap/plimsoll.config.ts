import { defineConfig, rolling, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js', ready: '5s' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: { production: { deploy: rolling({ overlap: false }) } },
})
