/** Times and values of one series, oldest first. */
export type Samples = {
  readonly times: Float64Array
  readonly values: Float64Array
  /** The bits of the values: a NaN is told from another by these alone, since reading it as a number may change it. */
  readonly words: Uint32Array
}

/** Which of the two words of a number has its sign. */
export const highWord = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0

/** Prometheus' own marker, 0x7ff0000000000002, in memory. */
const endHigh = 0x7ff00000
const endLow = 2

/** Over the same memory. */
export const samplesOf = (times: Float64Array, values: Float64Array): Samples => ({
  times,
  values,
  words: new Uint32Array(values.buffer, values.byteOffset, values.length * 2),
})

/** The series has ended at place `i`. */
export const isEndAt = (words: Uint32Array, i: number): boolean =>
  words[2 * i + highWord] === endHigh && words[2 * i + 1 - highWord] === endLow

export function setEndAt(words: Uint32Array, i: number): void {
  words[2 * i + highWord] = endHigh
  words[2 * i + 1 - highWord] = endLow
}

/** Those from place `begin` to before `end` that are no markers of an end. */
export function alive({ times, values, words }: Samples, begin: number, end: number): Omit<Samples, 'words'> {
  const is = (_: number, i: number): boolean => !isEndAt(words, begin + i)
  return {
    times: times.subarray(begin, end).filter(is),
    values: values.subarray(begin, end).filter(is),
  }
}

/** The first place whose time is after `at`. */
export function placeAfter(times: Float64Array, at: number, length = times.length): number {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] as number) <= at) low = middle + 1
    else high = middle
  }
  return low
}
