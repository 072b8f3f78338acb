import { createServer } from 'node:net'
import type { Clock } from '../../kernel/index.ts'

/**
 * Below the range from which the kernel takes ports for outgoing connections (from 32768 on Linux): a port that an
 * instance gives up for a restart is not taken meanwhile by somebody's connection.
 */
const firstPort = 20_000
const lastPort = 29_999
/** A port that was handed out is not handed out again before its instance had time to listen. */
const reservedMs = 60_000

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** Hands out ports that nobody listens on, each once within a minute. */
export function createPorts(clock: Clock, startAt: number): (count: number) => Promise<number[]> {
  const reserved = new Map<number, number>()
  let next = firstPort + (startAt % (lastPort - firstPort))
  const step = () => {
    const port = next
    next = next >= lastPort ? firstPort : next + 1
    return port
  }
  return async (count) => {
    const ports: number[] = []
    for (let tries = 0; ports.length < count && tries < lastPort - firstPort; tries++) {
      const port = step()
      const until = reserved.get(port)
      if (until !== undefined && until > clock.now()) continue
      if (!(await isFree(port))) continue
      reserved.set(port, clock.now() + reservedMs)
      ports.push(port)
    }
    return ports
  }
}
