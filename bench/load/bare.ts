import { connect } from 'node:net'

/**
 * The least that a generator of load in Node.js can cost: so many sockets that each write one request, and the next as
 * soon as as many bytes came back as the first answer had. Nothing is parsed, counted or timed.
 */
const [url = '', users = '64', seconds = '5'] = process.argv.slice(2)
const { hostname, port, host } = new URL(url)
const request = Buffer.from(`GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`)
const until = performance.now() + Number(seconds) * 1_000
const buffer = Buffer.allocUnsafe(1 << 16)

for (let i = 0; i < Number(users); i++) {
  let length = 0
  let read = 0
  const socket = connect({
    host: hostname,
    port: Number(port),
    onread: {
      buffer,
      callback: (bytes: number) => {
        read += bytes
        if (length === 0) length = bytes
        if (read < length) return true
        read = 0
        if (performance.now() < until) socket.write(request)
        else socket.destroy()
        return true
      },
    },
  })
  socket.setNoDelay(true)
  socket.once('connect', () => socket.write(request))
}
