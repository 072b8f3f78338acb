import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { openDatabase } from './database.js'
import { createDeparture } from './departure.js'
import { createIdempotency } from './idempotency.js'
import { log } from './log.js'
import { createMetrics } from './metrics.js'
import { createPayments } from './payments.js'
import { serve } from './server.js'

const { DATA_DIR = 'data', HOST = '127.0.0.1', PORT = '3000', DRAIN_MS = '20000', RELEASE } = process.env
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

const db = openDatabase(DATA_DIR)
const server = createServer()
const departure = createDeparture(server)
serve(server, {
  db,
  payments: createPayments(db),
  once: createIdempotency(db),
  metrics: createMetrics(),
  departure,
  version: RELEASE ?? version,
})

/** Takes nothing new, answers what has come, and goes; by force when that takes too long or is asked for twice. */
async function goAway() {
  if (departure.hasBegun()) process.exit(1)
  log({ message: 'draining' })
  setTimeout(() => process.exit(1), Number(DRAIN_MS)).unref()
  await departure.begin()
  db.close()
  log({ message: 'drained' })
  process.exit(0)
}

process.on('SIGTERM', goAway)
server.listen(Number(PORT), HOST, () => log({ message: 'listening', port: server.address().port }))
