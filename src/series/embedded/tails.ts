import { highWord, type Samples, samplesOf } from '../query/samples.ts'

/** So many samples of a series stand as they are; then they are made small. */
export const tailLength = 32

/** Of a sample: milliseconds since the begin of its two hours, and the two words of its value. */
const wordsEach = 3
const wordsOfTail = wordsEach * tailLength
/** So many tails lie in one piece of memory: a piece for each would cost more than what is in it. */
const tailsInPiece = 512

/** Room for the newest samples of many series. */
export interface Tails {
  /** The number of a tail that nobody has. */
  take(): number
  give(tail: number): void
  put(tail: number, place: number, sinceBegin: number, high: number, low: number): void
  /** The first so many, in memory of their own. @param begin of their two hours */
  samples(tail: number, count: number, begin: number): Samples
}

export function createTails(): Tails {
  const pieces: Uint32Array[] = []
  const free: number[] = []
  const pieceOf = (tail: number): Uint32Array => pieces[Math.floor(tail / tailsInPiece)] as Uint32Array
  const startOf = (tail: number): number => (tail % tailsInPiece) * wordsOfTail

  function grow(): void {
    const first = pieces.length * tailsInPiece
    pieces.push(new Uint32Array(tailsInPiece * wordsOfTail))
    for (let i = tailsInPiece - 1; i >= 0; i--) free.push(first + i)
  }

  return {
    take() {
      if (free.length === 0) grow()
      return free.pop() as number
    },
    give: (tail) => void free.push(tail),
    put(tail, place, sinceBegin, high, low) {
      const piece = pieceOf(tail)
      const at = startOf(tail) + wordsEach * place
      piece[at] = sinceBegin
      piece[at + 1] = high
      piece[at + 2] = low
    },
    samples(tail, count, begin) {
      const piece = pieceOf(tail)
      const samples = samplesOf(new Float64Array(count), new Float64Array(count))
      for (let i = 0, at = startOf(tail); i < count; i++, at += wordsEach) {
        samples.times[i] = begin + (piece[at] as number)
        samples.words[2 * i + highWord] = piece[at + 1] as number
        samples.words[2 * i + 1 - highWord] = piece[at + 2] as number
      }
      return samples
    },
  }
}
