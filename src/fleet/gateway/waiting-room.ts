import type { Asked, Routes, Upstream } from './routes.ts'

/** How long a request may wait for an upstream that can take it. */
export const patienceMs = 1_000

type Waiting = { readonly look: () => void }

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
        if (!upstream) return
        leave()
        then(upstream)
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
    lookAgain: () => {
      for (const { look } of [...room]) look()
    },
  }
}
