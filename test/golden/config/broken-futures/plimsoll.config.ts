import { defineConfig, sh } from 'plimsoll'

export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('npm test')] } },
  predict: {
    lead: '200d',
    pipeline: '10s',
    watched: [
      { name: 'postgres', kind: 'connections', metric: 'pg_stat_activity_count{datname=}', full: 100 },
      { name: 'postgres', kind: 'connections', metric: 'pg_stat_activity_count', full: 0 },
      { name: 'postgres', kind: 'connections', metric: 'pg_stat_activity_count', full: 'pg settings' },
      { name: '', kind: 'queues' as never, metric: 'rabbitmq_queue_messages', full: 10_000 },
    ],
  },
  environments: { production: {} },
})
