import { expect, it } from 'vitest'
import { filling, historyOf, requests, truthOf, type World } from '../../bench/futures/worlds.ts'
import { type Crossing, crossing, type Refusal, runsOut } from '../../src/forecast/index.ts'
import { type Random, seededRandom } from '../../src/kernel/index.ts'

const dayMs = 86_400_000
const count = 60

type Family = {
  readonly name: string
  readonly make: (random: Random) => World
  readonly look: (world: World) => Crossing | Refusal
}

/** `npm run bench -- futures` takes more of them, and more kinds. */
const families: readonly Family[] = [
  {
    name: 'growing requests with a change of level',
    make: (random) => requests(random, { hasShift: true }),
    look: (world) => crossing(historyOf(world, world.known), world.line, { futures: 200 }),
  },
  {
    name: 'a disk that fills and is cleaned up',
    make: (random) => filling(random, { cleanUps: 'some' }),
    look: (world) => runsOut(historyOf(world, world.known), world.line, { futures: 200 }),
  },
]

it.each(families)('dates of $name hold what came, about as often as they say', ({ name, make, look }) => {
  const held = Array.from({ length: count }, (_, i) => {
    const world = make(seededRandom(3).fork(`${name} ${i}`))
    const seen = look(world)
    if (seen.is === 'refused') throw new Error(seen.why)
    const truth = truthOf(world, world.known) * dayMs
    return (
      truth >= (seen.early ?? Number.POSITIVE_INFINITY) && truth <= (seen.late ?? Number.POSITIVE_INFINITY)
    )
  })
  const share = held.filter(Boolean).length / count
  // Three standard deviations of sixty.
  expect(share).toBeGreaterThan(0.64)
  expect(share).toBeLessThan(0.96)
})
