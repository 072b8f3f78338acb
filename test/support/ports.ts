import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

/**
 * Below the range from which the kernel takes ports for connections (from 32768 on Linux), and below the ports of
 * instances (from 20000): until it is listened on, nobody else takes it.
 */
const first = 10_000
const count = 10_000

let next = Math.floor(Math.random() * count)

/**
 * Takes the port for this process as long as it lives: by the datagram socket of that number, which nobody else asks
 * for and which leaves the port itself free.
 */
const claim = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.once('error', () => socket.close(() => resolve(false)))
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      socket.unref()
      resolve(true)
    })
  })

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })

/**
 * A port of the loopback on which nobody listens, and which no other test is given while this process lives.
 * @throws when none is left
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < count; tries++) {
    const port = first + (next++ % count)
    if ((await claim(port)) && (await isFree(port))) return port
  }
  throw new Error(`all ports from ${first} to ${first + count - 1} are taken`)
}
