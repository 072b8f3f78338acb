import { defineConfig, sh, slo } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  slos: [
    slo.availability({ objective: 99.9 }),
  ],
  environments: { production: {} },
})
