import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: '2nd-service',
  start: { command: 'node server.js', port: '8080' },
  pipeline: {
    'unit tests': { steps: [sh('npm test')] },
  },
  environments: {
    'production/eu': {},
  },
})
