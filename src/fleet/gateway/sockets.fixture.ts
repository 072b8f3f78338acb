import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { poll, startUpstream, type TestUpstream } from './gateway.fixture.ts'

/** A client that sends bytes as they are, keeps what it hears, and leaves the rest to the test. */
export type Caller = {
  readonly socket: Socket
  readonly heard: () => string
  /** Waits until what was heard is as wanted. */
  until(wanted: RegExp): Promise<string>
  /** All that was heard, once the other side has closed. */
  readonly closed: Promise<string>
}

export function call(port: number, bytes = ''): Caller {
  let text = ''
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
  socket.on('data', (part) => (text += part.toString('latin1')))
  socket.on('error', () => undefined)
  const heard = () => text
  return {
    ...{ socket, heard },
    until: (wanted) =>
      poll(
        async () => text,
        (now) => wanted.test(now),
      ),
    closed: new Promise((resolve) => socket.on('close', () => resolve(text))),
  }
}

export const upgradeRequest = (...lines: string[]): string =>
  ['GET /ws HTTP/1.1', 'Host: a', 'Connection: Upgrade', ...lines, '', ''].join('\r\n')

/** A frame of at most 125 bytes. */
export function frame(opcode: number, payload: string, isMasked = false): string {
  const mask = isMasked ? '\0\0\0\0' : ''
  return String.fromCharCode(128 + opcode, payload.length + (isMasked ? 128 : 0)) + mask + payload
}

/** Answers upgrades; what it does then is up to the test. */
export async function startSwitching(
  switched: (socket: Socket, request: IncomingMessage) => void,
  protocol = 'websocket',
): Promise<TestUpstream & { readonly sockets: Set<Socket> }> {
  const upstream = await startUpstream((request, response) => {
    request.resume()
    response.end(`${request.method} ${request.url} without ${JSON.stringify(request.headers.upgrade)}`)
  })
  const sockets = new Set<Socket>()
  upstream.server.on('upgrade', (request, socket: Socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => undefined))
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    switched(socket, request)
  })
  const close = () => {
    for (const socket of sockets) socket.destroy()
    return upstream.close()
  }
  return { ...upstream, sockets, close }
}

/** A WebSocket service: echoes short frames, answers a close frame with one and closes. */
export const echoFrames = (socket: Socket): void => {
  socket.on('data', (bytes: Buffer) => {
    for (let at = 0; at < bytes.length; ) {
      const [opcode, length] = [(bytes[at] ?? 0) & 15, (bytes[at + 1] ?? 0) & 127]
      const mask = bytes.subarray(at + 2, at + 6)
      const masked = bytes.subarray(at + 6, at + 6 + length)
      const payload = Buffer.from(masked.map((byte, i) => byte ^ (mask[i % 4] ?? 0)))
      socket.write(frame(opcode, payload.toString('latin1')), 'latin1')
      if (opcode === 8) socket.end()
      at += 6 + length
    }
  })
}

/** A service that sends bytes as they are. */
export type RawUpstream = {
  readonly port: number
  /** All that each connection has brought, but for those of health checks. */
  readonly received: readonly string[]
  /** How many have been opened, but for those of health checks. */
  readonly connections: () => number
  /** Waits until so many are open. */
  untilOpen(count: number): Promise<unknown>
  close(): Promise<void>
}

/** @param answer to the head of each request, with the number of those before it */
export async function startRaw(
  answer: (head: string, socket: Socket, asked: number) => void,
): Promise<RawUpstream> {
  const received: string[] = []
  const open = new Set<Socket>()
  const all = new Set<Socket>()
  let asked = 0
  const server = createServer((socket) => {
    let place = -1
    all.add(socket.on('error', () => undefined).on('close', () => open.delete(socket)))
    socket.on('data', (bytes) => {
      if (String(bytes).startsWith('GET /health ')) return void socket.end(well)
      open.add(socket)
      if (place < 0) place = received.push('') - 1
      received[place] += bytes.toString('latin1')
      if (/^[A-Z]+ \S+ HTTP/.test(String(bytes))) answer(String(bytes), socket, asked++)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    received,
    connections: () => received.length,
    untilOpen: (count) =>
      poll(
        async () => open.size,
        (size) => size === count,
      ),
    close: async () => {
      server.close()
      for (const socket of all) socket.destroy()
    },
  }
}

const well = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'
