import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    staging: { port: 8080 },
    production: { after: 'staging', port: 8080 },
    demo: { after: 'staging', port: 80800 },
  },
})
