import { samplesOf } from '../query/samples.ts'
import { keyOf, type Reading, staleMarker, withName } from '../series.ts'
import type { Readings } from './engine.ts'

/** So many numbers are given before all are forgotten: endpoints that lie may make up ever new series. */
const mostRefs = 200_000

const staleWords = [0x7ff00000, 2] as const

/**
 * A text that no other series has. One series may have several, for its labels in another order: cheaper than to bring them
 * into order each time, and of no consequence.
 */
function textOf({ name, labels }: Reading): string {
  let text = name
  for (const label in labels) text += `\n${label}\t${labels[label]?.length}\t${labels[label]}`
  return text
}

/** Makes of readings what can be handed to another thread: a number for each series instead of its labels. */
export function createInterning(): (readings: readonly Reading[]) => Readings {
  const numbers = new Map<string, number>()
  const number = samplesOf(new Float64Array(1), new Float64Array(1))
  const [low = 0, high = 0] = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? [0, 1] : [1, 0]

  function wordsOf(value: Reading['value']): readonly [number, number] {
    if (value === staleMarker) return staleWords
    // Of numbers that are none there is one: no other may be taken for an end.
    number.values[0] = Number.isNaN(value) ? Number.NaN : value
    return [number.words[high] as number, number.words[low] as number]
  }

  return (readings) => {
    if (numbers.size > mostRefs) numbers.clear()
    const fresh: [number, string][] = []
    const refs = new Uint32Array(readings.length)
    const times = new Float64Array(readings.length)
    const words = new Uint32Array(2 * readings.length)
    readings.forEach((reading, i) => {
      const text = textOf(reading)
      const known = numbers.get(text)
      const ref = known ?? numbers.size
      if (known === undefined) {
        numbers.set(text, ref)
        fresh.push([ref, keyOf(withName(reading.name, reading.labels))])
      }
      refs[i] = ref
      times[i] = Math.round(reading.at)
      const [first, second] = wordsOf(reading.value)
      words[2 * i] = first
      words[2 * i + 1] = second
    })
    return { refs, times, words, fresh }
  }
}
