import { defineConfig, probe, sh, slo } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')], reports: { junit: 'junit.xml' } } },
  slos: [slo.availability({ objective: 0.999 })],
  watch: { elsewhere: { database: { metrics: ['http://db.example.org:9100/metrics', 'http://db.example.org:9187/metrics'] } } },
  probes: [probe.tls('pay-tls', { host: 'pay.example.org', in: 'production' })],
  predict: {
    lead: '21d',
    owner: 'payments platform team',
    pipeline: '20m',
    watched: [
      {
        name: 'postgres',
        kind: 'connections',
        metric: 'pg_stat_activity_count',
        full: 'pg_settings_max_connections',
      },
      { name: 'settlements', kind: 'queue', metric: 'rabbitmq_queue_messages{queue="settlements"}', full: 10_000 },
    ],
  },
  environments: { production: {} },
})
