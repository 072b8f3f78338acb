/** A source of chance. Seeded in tests and simulations, so that every run can be repeated. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** An independent source, the same for the same label: parts of a simulation do not disturb each other. */
  fork(label: string): Random
}

/** Hash of a text to 32 bits (FNV-1a), to derive seeds. */
function hash32(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}

/** A seeded source (mulberry32: 32 bits of state, good enough for tests and jitter, not for keys). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0
      let t = Math.imul(state ^ (state >>> 15), state | 1)
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
    },
    fork: (label) => seededRandom(hash32(`${seed}/${label}`)),
  }
}
