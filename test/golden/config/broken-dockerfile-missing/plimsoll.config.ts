import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  containers: { app: { port: 8080 } },
  pipeline: { test: { steps: [sh('make test')] } },
  environments: { production: { target: 'docker' } },
})
