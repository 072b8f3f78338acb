import type { Socket } from 'node:net'

/** In how many parts the patience is cut: the end is seen at most so much of it too late. */
const looks = 8

/** What is watched: whether anything moves on a client's connection, either way. */
export interface Watched {
  readonly socket: Socket
  /** So many bytes must move in the whole patience for it not to stand still: one, or more. */
  leastBytes(patienceMs: number): number
  /** Whether it must end even though it moves. */
  isOverdue(patienceMs: number): boolean
  /** Too little has moved for the whole patience, or it is overdue. Called once. */
  stuck(): void
}

/**
 * One that is watched. Of those that come and go with each request none is kept in a Map or a Set: these leave their
 * outgrown tables behind with all that was in them, each pointing to the next, and once one of them is old the
 * collector takes all that came later for alive, until it looks at what is old, too.
 */
export class Watching {
  readonly watched: Watched
  /** How much had moved when enough last had, and how many looks ago that was. */
  bytes = Number.NEGATIVE_INFINITY
  still = 0
  /** Its place among the others; -1 once it has ended. */
  at: number
  readonly #all: Watching[]

  constructor(watched: Watched, all: Watching[]) {
    this.watched = watched
    this.#all = all
    this.at = all.length
    all.push(this)
  }

  /** Nothing more is looked at; twice is once. The last one takes its place. */
  end(): void {
    if (this.at < 0) return
    const last = this.#all.pop()
    if (last && last !== this) {
      this.#all[this.at] = last
      last.at = this.at
    }
    this.at = -1
  }

  /** Whether too little has moved for the whole patience, or it is overdue. */
  isStuck(patienceMs: number): boolean {
    const { bytesRead, bytesWritten } = this.watched.socket
    const moved = bytesRead + bytesWritten
    if (moved - this.bytes >= this.watched.leastBytes(patienceMs)) {
      this.bytes = moved
      this.still = 0
    } else this.still++
    return this.still >= looks || this.watched.isOverdue(patienceMs)
  }
}

/** All that is watched with the same patience: one timer for them, and nothing for each part of a body. */
class Watch {
  readonly #patienceMs: number
  readonly #all: Watching[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs
  }

  add(watched: Watched): Watching {
    this.#timer ??= setInterval(() => this.#look(), this.#patienceMs / looks)
    return new Watching(watched, this.#all)
  }

  #look(): void {
    if (this.#all.length === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
    // What is stuck ends, and others may with it.
    for (const one of [...this.#all]) {
      if (one.at < 0 || !one.isStuck(this.#patienceMs)) continue
      one.end()
      one.watched.stuck()
    }
  }
}

/** Watches, by their patience: the table may change it, for the requests that come after. */
const watches = new Map<number, Watch>()

/** Watches until it is ended. */
export function watchStillness(watched: Watched, patienceMs: number): Watching {
  const watch = watches.get(patienceMs) ?? new Watch(patienceMs)
  watches.set(patienceMs, watch)
  return watch.add(watched)
}
