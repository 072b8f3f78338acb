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

/** How much had moved when enough last had, and how many looks ago that was. */
type Seen = { bytes: number; still: number }

/** All that is watched with the same patience: one timer for them, and nothing for each part of a body. */
class Watch {
  readonly #patienceMs: number
  readonly #seen = new Map<Watched, Seen>()
  #timer: NodeJS.Timeout | undefined

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs
  }

  add(watched: Watched): void {
    this.#seen.set(watched, { bytes: Number.NEGATIVE_INFINITY, still: 0 })
    this.#timer ??= setInterval(() => this.#look(), this.#patienceMs / looks)
  }

  delete(watched: Watched): void {
    this.#seen.delete(watched)
  }

  #look(): void {
    if (this.#seen.size === 0) {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
    for (const [watched, seen] of this.#seen) {
      const { bytesRead, bytesWritten } = watched.socket
      const moved = bytesRead + bytesWritten
      if (moved - seen.bytes >= watched.leastBytes(this.#patienceMs)) {
        seen.bytes = moved
        seen.still = 0
      } else seen.still++
      if (seen.still < looks && !watched.isOverdue(this.#patienceMs)) continue
      this.#seen.delete(watched)
      watched.stuck()
    }
  }
}

/** Watches, by their patience: the table may change it, for the requests that come after. */
const watches = new Map<number, Watch>()

/** @returns to be told when it has ended */
export function watchStillness(watched: Watched, patienceMs: number): Pick<Watch, 'delete'> {
  const watch = watches.get(patienceMs) ?? new Watch(patienceMs)
  watches.set(patienceMs, watch)
  watch.add(watched)
  return watch
}
