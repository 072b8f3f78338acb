import { defineConfig, probe, secret, slo } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  slos: [slo.availability({ objective: 0.999 }), slo.latency({ objective: 0.99, below: '250ms' })],
  watch: {
    routes: ['/payments/:id', '/payments/:number', 'refunds', '/cards/4242 4242'],
    elsewhere: {
      production: {
        address: 'http://pay.example.org',
        metrics: [{ url: '/metrics', bearer: secret('METRICS') }, { url: 'http://10.0.0.7/', insecure: true as never }],
        prometheus: { url: 'https://ada:pw@prometheus.example.org', selector: 'payments', latency: 'x' },
      },
    },
    heartbeats: [
      { name: 'settlement', schedule: '30 2 * * *', timeZone: 'Europe/Londn' },
      { name: 'settlement', every: '1h', schedule: '0 * * * *' },
      { name: 'ledger', schedule: 'at noon', in: 'prodution' },
      { name: 'report' },
      { name: 'latency', every: '1h' },
    ],
  },
  probes: [probe.journey('checkout', { file: '../checkout.load.ts' }), probe.http('checkout')],
})
