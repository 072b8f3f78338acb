import { type Random, seededRandom } from '../../kernel/index.ts'
import { type Reading, staleMarker } from '../index.ts'

const second = 1_000
const minute = 60 * second
/** Long enough that two whole chunks are sealed. */
export const lengthMs = 4.6 * 60 * minute

/** Begins where two hours begin, so far back that all of it is over. */
export const beginning = (now: number): number => (Math.floor(now / (120 * minute)) - 3) * 120 * minute

type Target = {
  readonly instance: string
  /** After a multiple of the interval: 0 is where windows begin and end. */
  readonly phaseMs: number
  readonly everyMs: number
  readonly from: number
  readonly to: number
  /** A scrape that fails is followed by markers of an end. */
  readonly isDown: (at: number) => boolean
  /** When its counters begin again from zero. */
  readonly resets: readonly number[]
}

const targets: readonly Target[] = [
  { instance: 'a', phaseMs: 0, everyMs: 15_000, from: 0, to: lengthMs, isDown: () => false, resets: [] },
  {
    instance: 'b',
    phaseMs: 3_137,
    everyMs: 15_000,
    from: 0,
    to: lengthMs,
    isDown: (at) => at > 50 * minute && at < 63 * minute,
    resets: [63 * minute, 130 * minute, 131 * minute],
  },
  {
    instance: 'c',
    phaseMs: 7_001,
    everyMs: 30_000,
    from: 100 * minute,
    to: 200 * minute,
    isDown: (at) => at % (17 * minute) < 40_000,
    resets: [150 * minute],
  },
  {
    instance: 'd',
    phaseMs: 0,
    everyMs: 60_000,
    from: 20 * minute,
    to: lengthMs,
    isDown: () => false,
    resets: [90 * minute],
  },
]

const edges = ['0.05', '0.1', '0.25', '1', '+Inf']
const outcomes = ['ok', 'client_error', 'server_error']

/** What a target says of itself: names with labels, and how each moves from one scrape to the next. */
function seriesOf(instance: string, random: Random) {
  const counters = new Map<string, { name: string; labels: Record<string, string>; value: number }>()
  const add = (name: string, labels: Record<string, string>, by: number) => {
    const key = JSON.stringify([name, labels])
    const counter = counters.get(key) ?? { name, labels: { instance, job: 'api', ...labels }, value: 0 }
    counter.value += by
    counters.set(key, counter)
  }
  const whole = (most: number) => Math.floor(random.next() * most)

  function count(): void {
    for (const outcome of outcomes) {
      const by = outcome === 'ok' ? whole(300) : whole(4) === 0 ? whole(5) : 0
      add('requests_total', { outcome }, by)
    }
    for (const route of ['/pay', '/search']) {
      const slots = edges.map((_, i) => (route === '/search' && i === 2 ? 0 : whole(20)))
      edges.forEach((le, i) => {
        add(
          'took_seconds_bucket',
          { route, le },
          slots.slice(0, i + 1).reduce((a, b) => a + b, 0),
        )
      })
      add(
        'took_seconds_count',
        { route },
        slots.reduce((a, b) => a + b, 0),
      )
      add('took_seconds_sum', { route }, random.next() * 10)
    }
  }

  const gauges = (): readonly (readonly [string, Record<string, string>, number])[] => [
    ['up', {}, 1],
    ['queue_length', { queue: 'in' }, whole(40)],
    ['queue_length', { queue: 'out' }, 12],
    [
      'temperature_celsius',
      { zone: instance < 'c' ? 'one' : 'two' },
      Math.round((random.next() - 0.5) * 800) / 10,
    ],
    ['odd', {}, [Number.NaN, Infinity, -Infinity, -0, 1e300, 5e-324, 0.1, 2][whole(8)] ?? 0],
    ['wide', {}, (random.next() - 0.5) * 10 ** whole(12)],
  ]
  return { count, counters, gauges, reset: () => counters.clear() }
}

function readingsOf(target: Target, begin: number, random: Random): Reading[] {
  const { instance } = target
  const said = seriesOf(instance, random)
  const resets = [...target.resets]
  let before: Reading[] = []
  const all: Reading[] = []
  for (let at = target.from + target.phaseMs; at <= target.to; at += target.everyMs) {
    while (resets.length > 0 && (resets[0] as number) <= at) {
      resets.shift()
      said.reset()
    }
    said.count()
    const now = begin + at
    const scraped: Reading[] = []
    if (!target.isDown(at)) {
      for (const { name, labels, value } of said.counters.values())
        scraped.push({ name, labels, at: now, value })
      for (const [name, labels, value] of said.gauges())
        scraped.push({ name, labels: { instance, job: 'api', ...labels }, at: now, value })
    }
    if (scraped.length === 0)
      all.push(...before.map((one): Reading => ({ ...one, at: now, value: staleMarker })))
    all.push(...scraped)
    before = scraped
  }
  return all
}

/**
 * Some hours of four targets: two scraped just where windows begin and end, two not; one that is down for a while, one that
 * is there for a while and fails again and again; counters that begin anew; every kind of number. The same for the same seed.
 * @returns in order of time
 */
export function madeReadings(begin: number, seed = 5): readonly Reading[] {
  const random = seededRandom(seed)
  return targets
    .flatMap((target) => readingsOf(target, begin, random.fork(target.instance)))
    .sort((a, b) => a.at - b.at)
}
