import { canary, counter, defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    production: {
      instances: 3,
      deploy: canary({
        counters: [
          counter('declined', { of: 'rate(payments_declined[1m])', among: 'payments_total' }),
          counter('declined', { of: 'payments_total{outcome=declined}', among: 'payments_total' }),
          // @ts-expect-error: what cannot be
          counter('refunds', { of: 'refunds_total', worse: 'less' }),
        ],
      }),
    },
  },
})
