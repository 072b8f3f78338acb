import { defineConfig, secret, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  migrate: sh('node migrate.js', {
    timeout: '5m',
    oldestCompatible: '3f2a91c0d4e5',
    env: { DATABASE: secret('DATABASE') },
  }),
  environments: { production: { data: true } },
})
