import type { Asked, Routes, Upstream } from './routes.ts'

/** How long a request may wait for an upstream that can take it. */
export const patienceMs = 1_000

/** Looks whether somebody can take it. */
type Waiting = { readonly look: () => boolean }

/** Where requests wait when nobody can take them. */
export interface WaitingRoom {
  /**
   * Claims an upstream as soon as there is a healthy one; at the end of the patience any that serves. `then` gets
   * undefined when there is none.
   * @returns a function that gives up waiting
   */
  wait(arrivedMs: number, asked: Asked, then: (upstream: Upstream | undefined) => void): () => void
  /** To be called when an upstream became healthy or the table changed. */
  lookAgain(): void
  /** To be called when an instance has a place again: whoever waits longest has it. */
  lookFirst(): void
  readonly size: () => number
}

export function createWaitingRoom(routes: Routes, elapsedMs: () => number): WaitingRoom {
  const room = new Set<Waiting>()

  return {
    wait(arrivedMs, asked, then) {
      const leave = () => {
        clearTimeout(timer)
        room.delete(waiting)
      }
      const look = () => {
        const upstream = routes.claim(asked, false)
        if (!upstream) return false
        leave()
        then(upstream)
        return true
      }
      const waiting = { look }
      const leftMs = Math.max(0, arrivedMs + patienceMs - elapsedMs())
      const timer = setTimeout(() => {
        leave()
        then(routes.claim(asked, true))
      }, leftMs)
      room.add(waiting)
      return leave
    },
    size: () => room.size,
    lookFirst: () => {
      // The first may not be the one who can have it: it was at this instance before.
      for (const { look } of room) if (look()) return
    },
    lookAgain: () => {
      for (const { look } of [...room]) look()
    },
  }
}
