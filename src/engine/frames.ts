const headBytes = 8

/** Text of both streams of a container, as the engine interleaves them: `[stream, 0, 0, 0, size × 4]`, then the bytes. */
export async function* framesIn(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of bytes) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    for (;;) {
      if (rest.length < headBytes) break
      const end = headBytes + rest.readUInt32BE(4)
      if (rest.length < end) break
      yield rest.subarray(headBytes, end)
      rest = rest.subarray(end)
    }
  }
}

/** A piece of output with the time at which the engine took it, as it wrote it: `2026-01-01T00:00:00.000000001Z`. */
export type Stamped = { readonly at: string; readonly bytes: Buffer }

/** Takes apart what `timestamps=1` gives: each frame is one time, a blank and what was printed. */
export function stampOf(frame: Buffer): Stamped {
  const blank = frame.indexOf(0x20)
  return blank < 0
    ? { at: '', bytes: frame }
    : { at: frame.toString('latin1', 0, blank), bytes: frame.subarray(blank + 1) }
}

/** `1767225600.000000001`, as the engine wants to be told since when. */
export function sinceOf(at: string): string | undefined {
  const [, seconds, fraction = '0'] = /^(.*?)(?:\.(\d+))?Z$/.exec(at) ?? []
  if (seconds === undefined) return undefined
  return `${Math.floor(Date.parse(`${seconds}Z`) / 1_000)}.${fraction.padEnd(9, '0')}`
}
