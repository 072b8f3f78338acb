import { Connection } from './connection.ts'

/** How long a connection may idle when the service did not say how long it keeps it (Node's default is 5 s). */
const idleMs = 2_000
/** An idle connection is closed so much before the service would, so that no request meets its closing. */
const marginMs = 1_000
const lookEveryMs = 250
/** At least. Longer costs connections: as many as there are requests in that time. */
const restMs = 2

/** How long the connection may idle after this answer, in milliseconds; 0 or less: not at all. */
export function idleLimitMs(keepAlive: string | undefined): number {
  if (keepAlive === undefined) return idleMs
  const hint = /(?:^|[,\s])timeout=(\d+)/i.exec(keepAlive)?.[1]
  return hint === undefined ? idleMs : Number(hint) * 1_000 - marginMs
}

/**
 * Connections to one upstream. Those that idle are closed well before the service closes them: a POST that meets the
 * closing of its connection is lost, since nobody may send it twice.
 *
 * Between two requests a connection rests for a moment, and then is read once more: a second answer behind the first, or
 * the end of the connection, is heard while nobody's request is on it.
 */
export class Connections {
  readonly #at: { readonly host: string; readonly port: number }
  /** Those that came since the others have begun to rest. */
  #tired: Connection[] = []
  #resting: Connection[] = []
  /** The one used last is the last. */
  #idle: Connection[] = []
  #isAnyResting = false
  #look: NodeJS.Timeout | undefined
  /** False: each connection ends with its request. */
  keeping = true

  constructor(at: { host: string; port: number }) {
    this.#at = at
  }

  /** One on which nothing is asked. A timer may be late when the machine is busy, so that the age is looked at here. */
  take(): Connection {
    const nowMs = performance.now()
    for (let kept = this.#idle.pop(); kept; kept = this.#idle.pop()) {
      if (kept.goodUntilMs > nowMs) return kept
      kept.close()
    }
    return new Connection(this.#at, this, false)
  }

  /** One for a request that asks to leave HTTP: whatever is answered, nobody uses it again. */
  takeToSwitch(): Connection {
    return new Connection(this.#at, this, true)
  }

  free(connection: Connection): void {
    const limitMs = idleLimitMs(connection.keepAliveHint)
    if (!this.keeping || limitMs <= 0) return void connection.close()
    connection.goodUntilMs = performance.now() + limitMs
    this.#tired.push(connection)
    if (!this.#isAnyResting) this.#rest()
  }

  closed(connection: Connection): void {
    for (const kept of [this.#idle, this.#resting, this.#tired]) {
      const place = kept.indexOf(connection)
      if (place >= 0) kept.splice(place, 1)
    }
  }

  /** No connection is kept any more. */
  letGo(): void {
    this.keeping = false
    this.closeIdle()
  }

  closeIdle(): void {
    const kept = [...this.#idle, ...this.#resting, ...this.#tired]
    this.#idle = []
    this.#resting = []
    this.#tired = []
    for (const connection of kept) connection.close()
  }

  #rest(): void {
    this.#resting = this.#tired
    this.#tired = []
    this.#isAnyResting = this.#resting.length > 0
    // Timers come first in a turn of the event loop, then what has arrived is read, then come immediates.
    if (this.#isAnyResting) setTimeout(this.#readOnce, restMs)
  }

  readonly #readOnce = (): void => {
    setImmediate(this.#rested)
  }

  readonly #rested = (): void => {
    for (const connection of this.#resting) this.#idle.push(connection)
    this.#rest()
    this.#look ??= setTimeout(this.#closeOld, lookEveryMs).unref()
  }

  readonly #closeOld = (): void => {
    const nowMs = performance.now()
    const old = this.#idle.filter(({ goodUntilMs }) => goodUntilMs <= nowMs)
    if (old.length > 0) this.#idle = this.#idle.filter(({ goodUntilMs }) => goodUntilMs > nowMs)
    for (const connection of old) connection.close()
    this.#look = this.#idle.length > 0 ? setTimeout(this.#closeOld, lookEveryMs).unref() : undefined
  }
}
