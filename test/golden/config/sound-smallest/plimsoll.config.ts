import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'library',
  pipeline: { test: { steps: [sh('npm test')] } },
})
