import { type Exposition, type Reading, readExposition } from '../../src/series/index.ts'
import { type Recorded, textOf } from './recording.ts'

function keyOf({ name, labels }: Exposition['samples'][number]): string {
  let key = name
  for (const label in labels) key += `,${label}=${labels[label]}`
  return key
}

const isCounter = (name: string, types: Exposition['types']): boolean => {
  const family = name.replace(/_(?:bucket|count|sum)$/, '')
  return types.get(name) === 'counter' || types.get(family) === 'histogram' || types.get(family) === 'summary'
}

/** What each counter has gained over a recording, by which it goes on when the recording begins again. */
function gains({ scrapes }: Recorded): ReadonlyMap<string, number> {
  const [first, last] = [readExposition(textOf(scrapes[0])), readExposition(textOf(scrapes.at(-1)))]
  const before = new Map(first.samples.map((sample) => [keyOf(sample), sample.value]))
  return new Map(
    last.samples
      .filter(({ name }) => isCounter(name, last.types))
      .map((sample) => [keyOf(sample), sample.value - (before.get(keyOf(sample)) ?? 0)]),
  )
}

/**
 * A recording again and again: its scrapes at new times, counters going on where they were.
 * @param everyMs between scrapes
 * @returns each scrape parsed anew, as a store is given it
 */
export function* replay(
  recorded: readonly Recorded[],
  begin: number,
  scrapes: number,
  everyMs: number,
): Generator<Reading[]> {
  const gained = recorded.map(gains)
  for (let i = 0; i < scrapes; i++) {
    const at = begin + i * everyMs
    yield recorded.flatMap(({ job, scrapes: texts }, target) => {
      const round = Math.floor(i / texts.length)
      const said = readExposition(textOf(texts[i % texts.length]))
      return said.samples.map((sample): Reading => {
        const gain = round === 0 ? 0 : round * (gained[target]?.get(keyOf(sample)) ?? 0)
        return { name: sample.name, labels: { job, ...sample.labels }, at, value: sample.value + gain }
      })
    })
  }
}
