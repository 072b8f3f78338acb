import { readFileSync } from 'node:fs'
import { openDatabase } from './database.js'
import { createIdempotency } from './idempotency.js'
import { log } from './log.js'
import { createMetrics } from './metrics.js'
import { createPayments } from './payments.js'
import { createHttpServer } from './server.js'

const { DATA_DIR = 'data', HOST = '127.0.0.1', PORT = '3000', DRAIN_MS = '20000', RELEASE } = process.env
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

const db = openDatabase(DATA_DIR)
let draining = false
const { server, drain } = createHttpServer({
  db,
  payments: createPayments(db),
  once: createIdempotency(db),
  metrics: createMetrics(),
  isDraining: () => draining,
  version: RELEASE ?? version,
})

/** Takes nothing new, answers what has come, and goes; by force when that takes too long or is asked for twice. */
async function goAway() {
  if (draining) process.exit(1)
  draining = true
  log({ message: 'draining' })
  setTimeout(() => process.exit(1), Number(DRAIN_MS)).unref()
  await drain()
  db.close()
  log({ message: 'drained' })
  process.exit(0)
}

process.on('SIGTERM', goAway)
server.listen(Number(PORT), HOST, () => log({ message: 'listening', port: server.address().port }))
