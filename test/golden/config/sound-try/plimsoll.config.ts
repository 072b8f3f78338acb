import { defineConfig, secret, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  try: {
    env: { API_KEY: secret('TRY_API_KEY') },
    dependencies: { up: sh('./up', { timeout: '2m' }), down: sh('./down') },
    for: '90m',
    atMost: 2,
  },
})
