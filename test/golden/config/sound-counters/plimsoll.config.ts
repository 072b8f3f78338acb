import { canary, counter, defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js', metrics: '/metrics' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    production: {
      instances: 3,
      deploy: canary({
        counters: [
          counter('declined payments', { of: 'payments_total{outcome="declined"}', among: 'payments_total' }),
          counter('refunds in time', {
            of: 'refund_seconds_bucket{le="5"}',
            among: 'refund_seconds_count',
            worse: 'fewer',
            atLeast: 30,
          }),
        ],
      }),
    },
  },
})
