import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Clock } from '../kernel/index.ts'

const lookMs = 100
const pieceBytes = 1 << 16

/** What is in a file from a byte on, now. */
function* piecesOf(path: string, from: number): Generator<Uint8Array> {
  if (!existsSync(path)) return
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    for (let at = from; at < size; ) {
      const piece = Buffer.alloc(Math.min(pieceBytes, size - at))
      at += readSync(file, piece, 0, piece.length, at)
      yield piece
    }
  } finally {
    closeSync(file)
  }
}

/** Until when a log is followed. `isOver` is asked before each look: what was written until then is still read. */
export type Following = {
  readonly isOver: (isThere: boolean) => boolean
  readonly clock: Clock
  readonly signal: AbortSignal | undefined
}

/** A log from a byte on: what is there, and with `following` what comes. */
export async function* readLog(
  path: string,
  from: number,
  following: Following | undefined,
): AsyncGenerator<Uint8Array> {
  let at = from
  for (;;) {
    const over = following?.isOver(existsSync(path)) ?? true
    for (const bytes of piecesOf(path, at)) {
      at += bytes.length
      yield bytes
    }
    if (!following || over || following.signal?.aborted) return
    await following.clock.until(following.clock.now() + lookMs, following.signal)
  }
}
