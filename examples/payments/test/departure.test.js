import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { createDeparture } from '../src/departure.js'
import { createMetrics } from '../src/metrics.js'
import { serve } from '../src/server.js'
import { beginPayment, openConnection } from '../support/connection.js'
import { dropFolder, newFolder, openAside, startService, until } from '../support/service.js'

let folder
beforeEach(() => {
  folder = newFolder()
})
afterEach(() => dropFolder(folder))

async function leave(service) {
  service.signal('SIGTERM')
  await until(() => service.output().includes('"draining"'))
}

function countPayments() {
  const db = openAside(folder)
  const { rows } = db.prepare('SELECT count(*) AS rows FROM payment').get()
  db.close()
  return rows
}

describe('on SIGTERM the service', () => {
  test('answers what has come, keeps it, and takes nothing new', async () => {
    await using service = await startService(folder)
    const payments = await Promise.all([1, 2, 3, 4, 5].map(() => beginPayment(service.port)))
    await service.isBusyWith(5)
    await leave(service)
    await assert.rejects(openConnection(service.port), { code: 'ECONNREFUSED' })
    for (const payment of payments) payment.finish()
    for (const payment of payments)
      assert.match(await payment.heardInAll(), /^HTTP\/1.1 201 .*connection: close.*"authorised"/is)
    assert.equal(await service.ended, 0)
    assert.equal(countPayments(), 5)
  })

  test('ends what it began although the client has gone', async () => {
    await using service = await startService(folder, { ACQUIRER_MS: '400' })
    const payment = await beginPayment(service.port)
    await service.isBusyWith(1)
    payment.finish(() => payment.socket.destroy())
    await until(() => service.output().includes('"status":499'))
    assert.equal(await service.stop(), 0)
    assert.equal(countPayments(), 1)
  })

  test('does not wait for connections on which nobody asks', async () => {
    await using service = await startService(folder)
    const silent = await openConnection(service.port)
    const idle = await openConnection(service.port)
    idle.get('/version')
    await once(idle.socket, 'data')
    assert.equal(await service.stop(), 0)
    assert.equal(await silent.heardInAll(), '')
  })

  test('is cut short by a second one', { timeout: 10_000 }, async () => {
    await using service = await startService(folder, { DRAIN_MS: '600000' })
    const payment = await beginPayment(service.port)
    await service.isBusyWith(1)
    await leave(service)
    assert.equal(await service.stop(), 1)
    assert.equal(await payment.heardInAll(), '')
  })

  test('gives up at its deadline', async () => {
    await using service = await startService(folder, { DRAIN_MS: '50' })
    await beginPayment(service.port)
    await service.isBusyWith(1)
    assert.equal(await service.stop(), 1)
  })
})

test('a client that connected just before is told that the service is going away', async () => {
  const server = createServer()
  const departure = createDeparture(server, { silenceMs: 60_000 })
  serve(server, { departure, metrics: createMetrics() })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const [connection] = await Promise.all([openConnection(server.address().port), once(server, 'connection')])
  const gone = departure.begin()
  connection.get('/healthcheck')
  assert.match(await connection.heardInAll(), /^HTTP\/1.1 503 .*connection: close.*it is going away/is)
  await gone
})
