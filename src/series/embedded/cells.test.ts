import { expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { type CellList, createCells } from './cells.ts'
import { createTails, tailLength } from './tails.ts'

it('keeps bytes of many lists apart, whatever is given back in between', () => {
  const random = seededRandom(5)
  const cells = createCells()
  const lists: { list: CellList; bytes: number[] }[] = []
  for (let i = 0; i < 4_000; i++) {
    const at = Math.floor(random.next() * 300)
    const one = lists[at] ?? { list: cells.list(), bytes: [] }
    lists[at] = one
    if (random.next() < 0.05) {
      cells.give(one.list)
      one.bytes = []
    } else {
      const more = Array.from({ length: Math.floor(random.next() * 150) }, () =>
        Math.floor(random.next() * 256),
      )
      cells.append(one.list, Uint8Array.from(more))
      one.bytes.push(...more)
    }
  }
  for (const one of lists) if (one) expect(Array.from(cells.read(one.list))).toEqual(one.bytes)
})

it('keeps the newest samples of many series apart, bit for bit', () => {
  const tails = createTails()
  const mine = Array.from({ length: 1_500 }, () => tails.take())
  expect(new Set(mine).size).toBe(1_500)
  tails.give(mine[7] as number)
  expect(tails.take()).toBe(mine[7])
  for (const tail of mine)
    for (let i = 0; i < tailLength; i++) tails.put(tail, i, tail + 1 + i, 0x7ff00000, (tail * 31 + i) >>> 0)
  const samples = tails.samples(mine[1_234] as number, tailLength, 7_200_000)
  expect(Array.from(samples.times)).toEqual(
    Array.from({ length: tailLength }, (_, i) => 7_200_000 + (mine[1_234] as number) + 1 + i),
  )
  expect(samples.words).toContain(0x7ff00000)
  expect(samples.words).toContain((mine[1_234] as number) * 31 + 5)
})
