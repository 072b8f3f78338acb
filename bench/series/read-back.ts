import type { Points, Reading, SeriesStore } from '../../src/series/index.ts'
import { nameLabel } from '../../src/series/index.ts'

/** A label without text is none. */
const keyOf = (name: string, labels: Reading['labels']): string => {
  const there = Object.entries(labels).filter(([, text]) => text !== '')
  return `${name}${JSON.stringify(there.sort())}`
}

/** What was said, in one number for each series: in order, by every bit. */
function createDigests() {
  const digests = new Map<string, number>()
  const number = new Float64Array(2)
  const words = new Uint32Array(number.buffer)
  return {
    digests,
    add(key: string, at: number, value: number): void {
      number[0] = at
      number[1] = value
      let digest = digests.get(key) ?? 0x811c9dc5
      for (const word of words) digest = Math.imul(digest ^ word, 0x01000193) >>> 0
      digests.set(key, digest)
    },
  }
}

function addPoints(
  add: ReturnType<typeof createDigests>['add'],
  { name, labels, times, values }: Points,
): void {
  const key = keyOf(name, labels)
  times.forEach((at, i) => {
    add(key, at, values[i] as number)
  })
}

/** How many series are read back as they were said, of how many. */
export async function readBack(
  store: SeriesStore,
  said: Iterable<readonly Reading[]>,
): Promise<{ readonly same: number; readonly all: number }> {
  const [expected, found] = [createDigests(), createDigests()]
  let last = 0
  for (const readings of said)
    for (const { name, labels, at, value } of readings) {
      if (typeof value === 'number') expected.add(keyOf(name, labels), at, value)
      last = at
    }
  for (const points of await store.select([{ label: nameLabel, is: '!=', value: '' }], -1, last))
    addPoints(found.add, points)
  const same = [...expected.digests].filter(([key, digest]) => found.digests.get(key) === digest)
  return { same: same.length, all: Math.max(expected.digests.size, found.digests.size) }
}
