import { defineConfig, sh } from 'plimsoll'

export const config = defineConfig({
  service: 'payments',
  pipeline: { test: { steps: [sh('npm test')] } },
})
