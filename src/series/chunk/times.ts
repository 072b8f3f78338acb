import { type ByteReader, type ByteWriter, Damaged } from './bytes.ts'

function commonest(numbers: Iterable<number>): number {
  const counts = new Map<number, number>()
  for (const one of numbers) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0])[0]
}

/** From one time to the next, for all but the first. */
const steps = (times: Float64Array): Float64Array =>
  times.subarray(1).map((at, i) => at - (times[i] as number))

/**
 * A grid (the first time and the commonest step) with its exceptions: after how many others, and by how much their step
 * differs. A series that is read every second to the millisecond takes six bytes for all of its times.
 * @param times whole milliseconds, each after the one before
 */
export function writeTimes(writer: ByteWriter, times: Float64Array): void {
  const apart = steps(times)
  const step = commonest(apart)
  writer.signed(times[0] as number)
  writer.varint(step)
  const odd = [...apart.keys()].filter((i) => apart[i] !== step)
  writer.varint(odd.length)
  odd.forEach((place, i) => {
    writer.varint(place - (odd[i - 1] ?? -1) - 1)
    writer.signed((apart[place] as number) - step)
  })
}

/** @throws Damaged */
export function readTimes(reader: ByteReader, count: number): Float64Array {
  const first = reader.signed()
  const times = new Float64Array(count).fill(reader.varint())
  times[0] = first
  const odd = reader.varint()
  if (odd >= count) throw new Damaged('has more exceptions than times')
  for (let i = 0, place = 0; i < odd; i++) {
    place += reader.varint() + 1
    if (place >= count) throw new Damaged('has an exception behind its last time')
    times[place] = (times[place] as number) + reader.signed()
  }
  for (let i = 1; i < count; i++) {
    if (!((times[i] as number) > 0)) throw new Damaged('has times that go back')
    times[i] = (times[i - 1] as number) + (times[i] as number)
  }
  return times
}
