import { describe, expect, it } from 'vitest'
import { type Random, seededRandom } from '../../../kernel/index.ts'
import { type JudgeState, newJudge, observe } from '../judge/index.ts'
import { binomial, poisson } from '../judge/testdata/chance.ts'
import { growthOf, noCounters } from './growth.ts'
import { readScrape, type Scrape } from './scrape.ts'
import type { CounterSettings } from './settings.ts'

const simulations = Number(process.env.PLIMSOLL_SIMULATIONS ?? 200)
/** Large, so that few simulations show whether it is kept. */
const alpha = 0.05

const declined: CounterSettings = {
  name: 'declined payments',
  of: 'payments_declined_total',
  among: 'payments_total',
  worse: 'more',
  atLeast: 100,
  weight: 1,
}

type World = {
  readonly perSecond: number
  readonly share: number
  /** Of the payments, at a second. */
  readonly canary: (second: number) => number
  readonly live: (second: number) => number
  /** Chances between two looks that an instance is replaced, and that it does not answer. */
  readonly replaced: number
  readonly silent: number
}

type Instance = { readonly id: string; process: number; payments: number; declined: number }

const fleet = (name: string): Instance[] =>
  [0, 1, 2].map((i) => ({ id: `${name}/${i}`, process: 1, payments: 40_000, declined: 900 }))

function goOn(one: Instance, payments: number, share: number, world: World, random: Random): void {
  if (random.next() < world.replaced) {
    one.process++
    one.payments = 0
    one.declined = 0
  }
  one.payments += payments
  one.declined += binomial(payments, share, random)
}

function ask({ id, process, payments, declined: bad }: Instance, world: World, random: Random): Scrape {
  const text = `payments_total ${payments}\npayments_declined_total ${bad}\n`
  const answer = random.next() < world.silent ? { because: 'silent' } : { text }
  return readScrape({ instance: id, process }, answer, [declined])
}

/** Seldom enough that many can be simulated. */
const everySeconds = 10

/** When a canary was found to be worse; undefined when it never was. */
function foundAt(world: World, seconds: number, seed: number): number | undefined {
  const random = seededRandom(seed).fork('counters')
  const sides = { canary: fleet('new'), live: fleet('old') }
  const own = { [declined.name]: { weight: 1, atLeast: 100 } }
  let judge: JudgeState = newJudge({ alpha, metrics: { own }, warmUpMs: 0 }, 0)
  let read = noCounters
  for (let second = 0; second <= seconds; second += everySeconds) {
    const counts = { canary: 0, live: 0 }
    for (const side of ['canary', 'live'] as const)
      for (const one of sides[side]) {
        const share = side === 'canary' ? world.share : 1 - world.share
        const payments = poisson((everySeconds * world.perSecond * share) / 3, random)
        counts[side] += payments
        goOn(one, payments, world[side](second), world, random)
      }
    const scrapes = [...sides.canary, ...sides.live].map((one) => ask(one, world, random))
    const growth = growthOf(read, [declined], scrapes, 'new')
    read = growth.read
    const { canary, live } = growth.counted[declined.name] ?? {}
    if (!canary || !live || second === 0) continue
    const sideOf = (requests: number, counter: typeof canary) => ({
      ...{ requests, failures: 0, slower: [] },
      own: { [declined.name]: counter },
    })
    judge = observe(judge, {
      ...{ at: second * 1_000, share: world.share, blind: growth.blind },
      canary: sideOf(counts.canary, canary),
      live: sideOf(counts.live, live),
    })
    if ((judge.peaks.all ?? 0) >= -Math.log(alpha)) return second
  }
  return undefined
}

const usual: World = {
  ...{ perSecond: 50, share: 0.1, replaced: 0, silent: 0 },
  canary: () => 0.02,
  live: () => 0.02,
}
/** A bank that declines more for five minutes of ten, whichever version asks it. */
const swinging = (second: number): number => (second % 600 < 300 ? 0.02 : 0.15)

describe('simulated counters of canaries that decline no more than the live version', () => {
  const worlds: readonly [string, World][] = [
    ['steadily', usual],
    ['half of the requests', { ...usual, share: 0.5 }],
    ['while the bank swings', { ...usual, canary: swinging, live: swinging }],
    ['while instances are replaced', { ...usual, replaced: 0.01 }],
    ['while instances do not answer now and then', { ...usual, silent: 0.1 }],
    [
      'while all of that happens',
      { ...usual, canary: swinging, live: swinging, replaced: 0.01, silent: 0.1 },
    ],
    ['few requests', { ...usual, perSecond: 2, share: 0.3 }],
  ]
  it.each(worlds)('%s', { timeout: 120_000 }, (title, world) => {
    const found = Array.from({ length: simulations }, (_, i) => foundAt(world, 900, 100 + i))
    const share = found.filter((at) => at !== undefined).length / simulations
    console.log(`${title} (${simulations} simulated): ${(share * 100).toFixed(1)} % rolled back`)
    expect(share).toBeLessThanOrEqual(alpha)
  })
})

it('a canary that declines a tenth more payments is found within a minute', { timeout: 60_000 }, () => {
  const found = Array.from({ length: 50 }, (_, i) =>
    foundAt({ ...usual, canary: () => 0.12, silent: 0.05 }, 300, 500 + i),
  )
  const sorted = found.map((at) => at ?? Infinity).sort((a, b) => a - b)
  console.log(`12 % for 2 %: median ${sorted[25]} s, slowest ${sorted.at(-1)} s`)
  expect(sorted[25]).toBeLessThan(60)
})
