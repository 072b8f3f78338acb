import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    production: { instances: 3 },
  },
})
