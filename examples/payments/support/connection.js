import { once } from 'node:events'
import { connect } from 'node:net'
import { order } from './service.js'

/** A connection of one's own, for what `fetch` does not let one do: say half of something, or see the end. */
export async function openConnection(port) {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  await once(socket, 'connect')
  let heard = ''
  socket.on('data', (text) => (heard += text))
  const closed = once(socket, 'close')
  return {
    socket,
    get: (path) => socket.write(`GET ${path} HTTP/1.1\r\nHost: payments\r\n\r\n`),
    /** All that came, once the other side has closed. */
    heardInAll: async () => {
      await closed
      return heard
    },
  }
}

/** Asks for a payment and keeps the end of the request back, so that it is being dealt with for as long as one likes. */
export async function beginPayment(port) {
  const connection = await openConnection(port)
  const body = JSON.stringify(order())
  const head = `POST /payments HTTP/1.1\r\nHost: payments\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`
  connection.socket.write(head + body.slice(0, -1))
  return { ...connection, finish: (then) => connection.socket.write(body.slice(-1), then) }
}
