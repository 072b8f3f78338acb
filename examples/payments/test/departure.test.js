import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { dropFolder, newFolder, openAside, order, slowCard, startService, until } from '../support/service.js'

let folder
beforeEach(() => {
  folder = newFolder()
})
afterEach(() => dropFolder(folder))

const paying = (service, count, card) =>
  Array.from({ length: count }, (_, i) =>
    service.ask('POST', '/payments', order({ reference: `last-${i}`, ...(card ? { card } : {}) })),
  )

const isLeaving = (service) => until(() => service.output().includes('"draining"'))

function countPayments() {
  const db = openAside(folder)
  const { rows } = db.prepare('SELECT count(*) AS rows FROM payment').get()
  db.close()
  return rows
}

/** A connection of one's own, for what `fetch` does not let one see. */
async function openConnection(service) {
  const socket = connect(service.port, '127.0.0.1').setEncoding('utf8')
  await once(socket, 'connect')
  let heard = ''
  socket.on('data', (text) => (heard += text))
  const closed = once(socket, 'close')
  return {
    get: (path) => socket.write(`GET ${path} HTTP/1.1\r\nHost: payments\r\n\r\n`),
    socket,
    heard: async () => {
      await closed
      return heard
    },
  }
}

describe('on SIGTERM the service', () => {
  test('answers what has come, keeps it, and takes nothing new', async () => {
    const service = await startService(folder, { ACQUIRER_MS: '400' })
    const answers = paying(service, 5)
    await service.isBusyWith(5)
    service.signal('SIGTERM')
    for (const { status, headers } of await Promise.all(answers))
      assert.deepEqual([status, headers.get('connection')], [201, 'close'])
    assert.equal(await service.ended, 0)
    assert.equal(countPayments(), 5)
    await assert.rejects(service.ask('GET', '/healthcheck'))
  })

  test('ends what it began although the client has gone', async () => {
    const service = await startService(folder, { ACQUIRER_MS: '400' })
    const { socket } = await openConnection(service)
    const body = JSON.stringify(order())
    socket.write(
      `POST /payments HTTP/1.1\r\nHost: payments\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
    await service.isBusyWith(1)
    socket.destroy()
    assert.equal(await service.stop(), 0)
    assert.equal(countPayments(), 1)
    assert.match(service.output(), /"status":499/)
  })

  test('says that it is going away to who is still connected', async () => {
    const service = await startService(folder)
    const connection = await openConnection(service)
    service.signal('SIGTERM')
    await isLeaving(service)
    connection.get('/healthcheck')
    assert.match(await connection.heard(), /^HTTP\/1.1 503 .*connection: close.*it is going away/is)
    assert.equal(await service.ended, 0)
  })

  test('does not wait for connections on which nobody asks', async () => {
    const service = await startService(folder)
    const silent = await openConnection(service)
    const idle = await openConnection(service)
    idle.get('/version')
    await once(idle.socket, 'data')
    assert.equal(await service.stop(), 0)
    assert.equal(await silent.heard(), '')
  })

  test('is cut short by a second one', async () => {
    const service = await startService(folder)
    const lost = Promise.allSettled(paying(service, 1, slowCard))
    await service.isBusyWith(1)
    service.signal('SIGTERM')
    await isLeaving(service)
    assert.equal(await service.stop(), 1)
    assert.equal((await lost)[0].status, 'rejected')
  })

  test('gives up at its deadline', async () => {
    const service = await startService(folder, { DRAIN_MS: '50' })
    const lost = Promise.allSettled(paying(service, 1, slowCard))
    await service.isBusyWith(1)
    assert.equal(await service.stop(), 1)
    assert.equal((await lost)[0].status, 'rejected')
  })
})
