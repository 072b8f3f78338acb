import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { dropFolder, newFolder, openAside, order, slowCard, startService, until } from '../support/service.js'

const folder = newFolder()
let service
before(async () => {
  service = await startService(folder, { RELEASE: 'r-42' })
})
after(async () => {
  assert.equal(await service.stop(), 0)
  dropFolder(folder)
})

/** The first line of the answer to a path that `fetch` would tidy up. */
async function askRaw(path) {
  const socket = connect(service.port, '127.0.0.1').setEncoding('utf8')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: payments\r\nConnection: close\r\n\r\n`)
  const [text] = await once(socket, 'data')
  return text.split('\r\n')[0]
}

describe('what cannot be answered', () => {
  test('gets a problem document', async () => {
    const { status, headers, body } = await service.ask('DELETE', '/payments')
    assert.equal(headers.get('content-type'), 'application/problem+json')
    assert.equal(headers.get('allow'), 'POST, GET')
    assert.deepEqual(
      [status, body],
      [
        405,
        {
          type: 'about:blank',
          title: 'This method is not possible here',
          status: 405,
          detail: 'possible: POST, GET',
        },
      ],
    )
  })

  for (const body of ['{', 'null', '[]', '"text"', '1'])
    test(`is refused when its body is ${body}`, async () => {
      assert.equal((await service.ask('POST', '/payments', body)).status, 400)
      const path = '/payments/00000000-0000-0000-0000-000000000000/refund'
      assert.equal((await service.ask('POST', path, body)).status, 400)
    })

  test('is refused when it is too large, and the connection lives on', async () => {
    for (const size of [20_000, 3_000_000]) {
      assert.equal((await service.ask('POST', '/payments', 'x'.repeat(size))).status, 413)
      assert.equal((await service.ask('GET', '/version')).status, 200)
    }
  })

  test('is not found', async () => {
    const nobody = '00000000-0000-0000-0000-000000000000'
    for (const path of ['/', '/nothing', '/payments/', `/payments/${nobody}`])
      assert.equal((await service.ask('GET', path)).status, 404, path)
    assert.equal((await service.ask('POST', `/payments/${nobody}/capture`)).status, 404)
  })

  test('does no harm', async () => {
    for (const path of ['//', '//[', '*', '/%', '/payments?cursor=%'])
      assert.match(await askRaw(path), /^HTTP\/1.1 4\d\d /, path)
    assert.equal((await service.ask('GET', '/healthcheck')).status, 200)
  })
})

describe('the service', () => {
  test('tells its release', async () =>
    assert.deepEqual((await service.ask('GET', '/version')).body, { version: 'r-42' }))

  test('takes as long as the bank of a card does, and nobody else waits for it', async () => {
    const inOrder = []
    const pay = async (name, more) => {
      assert.equal((await service.ask('POST', '/payments', order(more))).status, 201)
      inOrder.push(name)
    }
    await Promise.all([pay('slow', { card: slowCard }), pay('quick')])
    assert.deepEqual(inOrder, ['quick', 'slow'])
  })

  test('counts for Prometheus', async () => {
    await service.ask('POST', '/payments', order())
    const { body } = await service.ask('GET', '/metrics')
    for (const line of [
      /^http_requests_total\{route="\/payments",status="201"\} [1-9]/m,
      /^http_request_duration_seconds_bucket\{le="0\.25"\} [1-9]/m,
      /^http_requests_in_flight 1$/m,
      /^payments\{state="authorised"\} [1-9]/m,
      /^process_resident_memory_bytes \d{7,}$/m,
    ])
      assert.match(body, line)
    const count = (pattern) => Number(pattern.exec(body)[1])
    assert.equal(count(/le="\+Inf"\} (\d+)/), count(/seconds_count (\d+)/))
  })

  test('writes one line for each request', async () => {
    const linesFor = () => service.output().match(/^.*"route":"\/payments\/:id\/capture".*$/gm) ?? []
    const before = linesFor().length
    const { id } = (await service.ask('POST', '/payments', order())).body
    await service.ask('POST', `/payments/${id}/capture`)
    await until(() => linesFor().length > before)
    const { at, ms, ...line } = JSON.parse(linesFor()[before])
    assert.ok(Date.parse(at) && Number.isInteger(ms))
    assert.deepEqual(line, { level: 'info', method: 'POST', route: '/payments/:id/capture', status: 200 })
  })

  test('is not healthy without its database', async () => {
    const ill = newFolder()
    await using other = await startService(ill)
    const db = openAside(ill)
    db.exec('PRAGMA foreign_keys = OFF; DROP TABLE payment')
    db.close()
    assert.equal((await other.ask('GET', '/healthcheck')).status, 503)
    assert.equal(await other.stop(), 0)
    dropFolder(ill)
  })
})
