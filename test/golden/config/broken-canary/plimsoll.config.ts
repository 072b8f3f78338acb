import { canary, defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    staging: { deploy: canary({ stages: [0.25, 0.05], alpha: 0.5, inconclusive: 'wait' as 'hold' }) },
    test: { deploy: canary({ stages: [0.8], watch: 'soon', shares: [0.1] } as object) },
    production: { after: 'staging', deploy: { strategy: 'cannary' as 'canary' } },
  },
})
