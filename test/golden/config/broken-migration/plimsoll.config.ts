import { defineConfig, sh, signOff } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test', { oldestCompatible: '3f2a91c0d4e5' })] } },
  migrate: sh('node migrate.js', { oldestCompatible: 'v1.2' }),
  smoke: { before: sh('node smoke.js', { oldestCompatible: '3f2a91c0d4e5' }) },
  environments: { production: { gates: ['tests', signOff({ name: 'oldestCompatible' })] } },
})
