/** How long connections without an end of their own go on when their instance leaves. */
export const longestGraceMs = 10_000

/**
 * Tunnels and event streams of one upstream. They would hold up a deployment for good, so that when their upstream
 * leaves they are closed in order after a grace, and their clients connect again, to whoever takes requests then.
 */
export class LongLived {
  readonly #open = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined
  #over = false

  /**
   * @param close ends it in order; called at most once
   * @returns to be called when it has ended
   */
  add(close: () => void): () => void {
    this.#open.add(close)
    if (this.#over) setImmediate(() => this.#closeAll())
    return () => this.#open.delete(close)
  }

  /** The upstream takes no requests any more. */
  leave(graceMs: number): void {
    if (graceMs === 0) this.#closeAll()
    else this.#timer ??= setTimeout(() => this.#closeAll(), graceMs)
  }

  /** The upstream takes requests, again perhaps. */
  stay(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#over = false
  }

  #closeAll(): void {
    this.#over = true
    const all = [...this.#open]
    this.#open.clear()
    for (const close of all) close()
  }
}
