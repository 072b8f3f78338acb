import { canary, defineConfig, sh, slo } from 'plimsoll'

export default defineConfig({
  service: 'settlements',
  start: { command: 'node worker.js', port: false, health: '/health', metrics: '/metrics' },
  slos: [slo.latency({ objective: 0.99, below: '250ms' })],
  load: { besideProduction: true },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    production: { port: 8080, instances: 3, deploy: canary(), gates: ['tests', 'loadLine'] },
  },
})
