import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  environments: {
    staging: {
      gateway: {
        requestId: 'x request id',
        accessLog: { keep: '10KB' },
        trustedProxies: ['10.0.0.1/8', 'balancer.test', '0.0.0.0/0'],
        clientHeader: 'x-real-ip' as 'forwarded',
        ejection: { after: 0, for: '10m', share: 1 },
      },
    },
    production: {
      after: 'staging',
      gateway: { requestId: 'traceparent', acessLog: true, ejection: { for: '10m' } } as object,
    },
  },
})
