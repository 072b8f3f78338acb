/** Two connections and some tens of kilobytes each. */
export const usualCrowd = 4_096

/**
 * Requests that wait for their answers to begin. They are bounded, so that a service that hangs, or more load than can
 * be carried, fills neither the memory nor the file descriptors of the gateway: what is beyond is refused at once.
 */
export class Crowd {
  most = usualCrowd
  #size = 0

  /** @returns false when there is no place; otherwise `leave` gives it back */
  enter(): boolean {
    if (this.#size >= this.most) return false
    this.#size++
    return true
  }

  leave(): void {
    this.#size--
  }
}
