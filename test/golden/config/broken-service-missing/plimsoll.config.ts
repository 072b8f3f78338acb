import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  pipeline: { test: { steps: [sh('npm test')] } },
})
