const closing = 8

/**
 * Follows WebSocket frames (RFC 6455, 5.2) through the bytes of one direction, without keeping them: whether the sender
 * has said that it closes, and whether a frame is complete at this point, so that another one may follow.
 */
export class Frames {
  /** A close frame has begun. */
  closed = false
  /** The payload, and the mask before it, that is still to come. */
  #left = 0
  /** The head of a frame, as far as it has come. */
  readonly #head: number[] = []

  get isBetween(): boolean {
    return this.#left === 0 && this.#head.length === 0
  }

  push(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, bytes.length - at)
        this.#left -= taken
        at += taken
      } else this.#takeHead(bytes[at++] as number)
    }
  }

  #takeHead(byte: number): void {
    const head = this.#head
    head.push(byte)
    const [first = 0, second = 0] = head
    const lengthBytes = { 126: 2, 127: 8 }[second & 127] ?? 0
    if (head.length < 2 + lengthBytes) return
    const length = head.slice(2).reduce((sum, part) => sum * 256 + part, 0)
    this.#left = (lengthBytes > 0 ? length : second & 127) + (second & 128 ? 4 : 0)
    if ((first & 15) === closing) this.closed = true
    head.length = 0
  }
}
