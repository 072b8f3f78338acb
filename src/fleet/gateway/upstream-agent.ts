import { Agent, type ClientRequest } from 'node:http'
import type { Socket } from 'node:net'

/** How long a connection may idle when the service did not say how long it keeps it (Node's default is 5 s). */
const idleMs = 2_000
/** An idle connection is closed so much before the service would, so that no request meets its closing. */
const marginMs = 1_000

type Kept = Socket & { _httpMessage?: { res?: { headers: Record<string, string | undefined> } } }

/** How long the connection may idle after this answer, in milliseconds; 0 or less: not at all. */
export function idleLimitMs(keepAlive: string | undefined): number {
  const hint = /(?:^|[,\s])timeout=(\d+)/i.exec(keepAlive ?? '')?.[1]
  return hint === undefined ? idleMs : Number(hint) * 1_000 - marginMs
}

/**
 * Connections to one upstream. Those that idle are closed well before the service closes them: a POST that meets the
 * closing of its connection is lost, since nobody may send it twice.
 */
export class UpstreamAgent extends Agent {
  readonly #goodUntil = new WeakMap<Socket, number>()
  /** False: each connection ends with its request. */
  keeping = true

  constructor() {
    super({ keepAlive: true, timeout: idleMs, scheduling: 'lifo' })
  }

  /** Called by Node when an answer is complete: whether the connection is kept, and until when. */
  override keepSocketAlive(socket: Kept): boolean {
    const limitMs = idleLimitMs(socket._httpMessage?.res?.headers['keep-alive'])
    if (!this.keeping || limitMs <= 0) return false
    this.#goodUntil.set(socket, performance.now() + limitMs)
    socket.setTimeout(limitMs)
    return true
  }

  /** Called by Node for each request. A timer may be late when the machine is busy, so the age is looked at, too. */
  addRequest(request: ClientRequest, ...rest: unknown[]): void {
    const now = performance.now()
    this.#closeThose((socket) => (this.#goodUntil.get(socket) ?? 0) <= now)
    const add = Reflect.get(Agent.prototype, 'addRequest') as (...all: unknown[]) => void
    add.call(this, request, ...rest)
  }

  /** No connection is kept any more. */
  letGo(): void {
    this.keeping = false
    this.closeIdle()
  }

  closeIdle(): void {
    this.#closeThose(() => true)
  }

  /** Takes them out of Node's lists at once: it hands out the last one without looking whether it still lives. */
  #closeThose(which: (socket: Socket) => boolean): void {
    for (const [name, sockets = []] of Object.entries(this.freeSockets)) {
      const ended = sockets.filter(which)
      if (ended.length === sockets.length) delete (this.freeSockets as Record<string, Socket[]>)[name]
      else for (const socket of ended) sockets.splice(sockets.indexOf(socket), 1)
      for (const socket of ended) socket.destroy()
    }
  }
}
