import { blueGreen, canary, defineConfig, sh, slo, soak } from 'plimsoll'

export default defineConfig({
  service: 'hello',
  start: { command: 'node server.js', readyWithin: 15, grace: 30_000 },
  pipeline: { test: { steps: [sh('npm test', { timeout: 90 })], timeout: 0 } },
  slos: [slo.latency({ objective: 0.99, below: 250 })],
  environments: {
    staging: { deploy: blueGreen({ bake: 0 }), requestTimeout: '15' },
    production: { after: 'staging', deploy: canary({ watch: 90_000 }), gates: ['tests', soak(86_400_000)] },
  },
})
