import { describe, expect, it } from 'vitest'
import { type InstanceSize, type InstanceUse, limitsInAll } from '../../../kernel/index.ts'
import { asked, loadAhead, measuredLines, now } from './ahead.fixture.ts'
import { type AheadQuestion, aheadOf } from './ahead.ts'
import { type HeadroomQuestion, headroomOf } from './headroom.ts'
import { type LineGiven, sizeOf } from './lines.fixture.ts'
import { foundIn, reasonsOf } from './sentence.ts'
import { fargateSizes, limitsGiven, nextSize } from './sizes.ts'
import { usedText } from './use.ts'
import { waysOf } from './ways.ts'
import { type SizeWanted, wholeLine } from './whole.ts'

const gib = 2 ** 30
const wanted = (size: InstanceSize): SizeWanted => ({ limits: limitsInAll(size), exactly: size })
const small = sizeOf(1, 2)
const whole = (size: SizeWanted, given: readonly LineGiven[], scalesBySize = {}) =>
  wholeLine(measuredLines(...given), { instances: 2, size }, { scales: {}, scalesBySize })

describe('a load line of instances of another size', () => {
  it('counts for none but its own size, which is said in words', () => {
    expect(whole(wanted(small), [{ rate: 100, size: small }])).toMatchObject({ at: 100 })
    expect(whole(wanted(sizeOf(2, 4)), [{ rate: 100, size: small }])).toEqual({
      because:
        'it was measured with instances of 1 CPU and 2 GiB, and those there have 2 CPUs and 4 GiB: nobody knows what these carry',
    })
    // Not even of a smaller one: what less memory does is no proportion.
    expect(whole(wanted(small), [{ rate: 100, size: sizeOf(2, 4) }])).toHaveProperty('because')
  })

  it('counts between two that were measured, and never beyond the largest', () => {
    const two = [
      { rate: 100, within: 4, size: small },
      { rate: 190, within: 10, size: sizeOf(2, 4) },
    ]
    expect(whole({ limits: { cpus: 1.5, memoryBytes: 3 * gib } }, two)).toMatchObject({
      ...{ low: 138, at: 145, high: 152 },
      how: 'measured with instances of 1 CPU and 2 GiB and of 2 CPUs and 4 GiB, and taken to rise evenly between them',
    })
    // Half of the CPU that was added, and none of the memory.
    expect(whole({ limits: { cpus: 1.5, memoryBytes: 2 * gib } }, two)).toMatchObject({ at: 100 })
    expect(whole({ limits: { cpus: 4, memoryBytes: 8 * gib } }, two)).toHaveProperty('because')
  })

  it('counts where the team says why, by what has grown least', () => {
    const line = whole(wanted(sizeOf(2, 6)), [{ rate: 100, size: small }], {
      perf: 'it only waits for its CPU',
    })
    expect(line).toMatchObject({
      at: 200,
      how: 'measured with instances of 1 CPU and 2 GiB, taken in proportion for 2 CPUs and 6 GiB: it only waits for its CPU',
    })
  })

  it('counts by what was short of it, where that was seen', () => {
    const cpuAlone = { limits: { cpus: 2, memoryBytes: 2 * gib } }
    const having = (used?: InstanceUse) =>
      whole(cpuAlone, [{ rate: 100, size: small, ...(used ? { used } : {}) }], {
        perf: 'it waits for its CPU',
      })
    expect(having({ cpu: 0.96, memory: 0.24 })).toMatchObject({ at: 200 })
    // Memory would be short before.
    expect(having({ cpu: 0.96, memory: 0.8 })).toMatchObject({ at: expect.closeTo(120, 6) })
    expect(having({ cpu: 0.5, memory: 0.2 })).toMatchObject({ at: 100 })
    expect(having()).toMatchObject({ at: 100 })
  })

  it('tells sizes apart that are divided otherwise among containers', () => {
    const of = (app: number, proxy: number): InstanceSize => ({
      is: 'containers',
      containers: {
        app: { cpus: app, memoryBytes: gib, essential: true },
        proxy: { cpus: proxy, memoryBytes: gib, essential: true },
      },
    })
    expect(whole(wanted(of(1.5, 0.5)), [{ rate: 100, size: of(1, 1) }])).toEqual({
      because:
        'it was measured with instances of 2 CPUs and 2 GiB, divided otherwise among their containers, and those there have 2 CPUs and 2 GiB: nobody knows what these carry',
    })
  })

  it('of which nobody noted the size counts for what its release says, and not where an environment says otherwise', () => {
    expect(whole(wanted(small), [{ rate: 100 }])).toMatchObject({ at: 100 })
    expect(whole({ ...wanted(small), isGiven: true }, [{ rate: 100 }])).toEqual({
      because:
        'it was measured with instances of which nobody noted the size, and those there have 1 CPU and 2 GiB: nobody knows what these carry',
    })
  })

  it('of processes counts on a machine of that size', () => {
    const machine = (cpus: number, bytes: number): InstanceSize => ({
      is: 'machine',
      cpus,
      memoryBytes: bytes,
    })
    const measured = [{ rate: 100, size: machine(2, 4 * gib) }]
    expect(whole(wanted(machine(2, 4 * gib - 2 ** 20)), measured)).toMatchObject({ at: 100 })
    expect(whole(wanted(machine(4, 8 * gib)), measured)).toHaveProperty('because')
  })

  it('is doubted in what headroom says, with what to do', () => {
    const question: HeadroomQuestion = {
      ...{ environment: 'production', release: '5b1f0c9a7d21', isLive: true, instances: 2, scales: {} },
      load: { known: 672, sought: 672, busiest: { from: 0, ratePerSecond: 60 } },
      measured: { lines: measuredLines({ rate: 100, size: small, used: { cpu: 0.96, memory: 0.4 } }) },
      measuredIn: ['perf'],
      historyMs: 0,
      size: wanted(small),
    }
    expect(foundIn(headroomOf(question)).slice(1, 3)).toEqual([
      'its instances had 1 CPU and 2 GiB',
      'CPU was at 96 % of its limit at the load line, memory at 40 %: more CPU',
    ])
    const [reason] = reasonsOf(headroomOf({ ...question, size: wanted(sizeOf(2, 4)) }), 0.2, {
      ...{ now: 0, timeZone: 'Etc/UTC' },
    })
    expect(reason?.next).toBe(
      'measure it with instances of 2 CPUs and 4 GiB, or say why a larger one carries in proportion: environments.perf.scalesBySize',
    )
  })
})

describe('a larger size', () => {
  const soon = loadAhead(75)
  const prices = { cpuHour: 0.04, gibHour: 0.005, currency: 'GBP', per: 'month', sizes: [] } as const
  const ways = (more: Partial<AheadQuestion>) =>
    waysOf(aheadOf(asked({ size: wanted(small), prices, ...more }), soon), {
      environment: 'production',
      around: { now, timeZone: 'Etc/UTC' },
      prices: more.prices ?? prices,
    })
  const two = measuredLines(
    { rate: 100, size: small, used: { cpu: 0.96, memory: 0.4 } },
    { rate: 190, size: sizeOf(2, 4), environment: 'perf-2cpu' },
  )

  it('is set beside more instances, by what was measured, the cheapest first, with until when each does', () => {
    expect(ways({ lines: two }).map(({ text, next }) => [text, next])).toEqual([
      [
        'one more instance (3 in all, 36.52 GBP a month) keeps 20 % of the load line until about 2 July (80 %: after 1 June)',
        'environments.production.instances: 3',
      ],
      [
        '2 instances of 2 CPUs and 4 GiB instead of 1 CPU and 2 GiB (as many as now, 73.05 GBP a month) keep 20 % of the load line for the next 180 days (over 99 % of futures): measured with as many instances',
        "environments.production.limits: { app: { cpus: 2, memory: '4GiB' } }",
      ],
    ])
  })

  it('may be a listed one below the largest that was measured, when that is enough and costs less', () => {
    const sizes = [
      { cpus: 1.25, memoryBytes: 2.5 * gib },
      { cpus: 4, memoryBytes: 8 * gib },
    ]
    const [first, second] = ways({ lines: two, sizes, scales: {} })
    expect(first).toMatchObject({ is: 'size', size: sizes[0], cost: { amount: expect.closeTo(18.26, 1) } })
    expect(first?.text).toContain('taken to rise evenly between them')
    expect(second).toMatchObject({ is: 'untold', text: expect.stringMatching(/with 2 instances only/) })
  })

  it('of which none was measured is what to measure next, by what decides', () => {
    const lines = two.slice(0, 1)
    const measure = (more: Partial<AheadQuestion>) =>
      ways({ lines, ...more }).find(({ is }) => is === 'untold')
    expect(measure({})).toEqual({
      is: 'untold',
      size: { cpus: 2, memoryBytes: 2 * gib },
      text: 'nobody knows whether larger instances leave 20 % of it: none larger than 1 CPU and 2 GiB was measured; 2 CPUs and 2 GiB is next, for more CPU',
      next: "plimsoll load test perf --size 'cpus 2, memory 2GiB'",
    })
    expect(measure({ sizes: fargateSizes })?.size).toEqual({ cpus: 2, memoryBytes: 4 * gib })
    expect(measure({ lines: measuredLines({ rate: 100, size: small }) })?.size).toEqual({
      cpus: 2,
      memoryBytes: 4 * gib,
    })
  })

  it('is told not to do when the largest that was measured does not', () => {
    const lines = measuredLines({ rate: 100, size: small }, { rate: 101, size: sizeOf(2, 4) })
    expect(ways({ lines, scales: {} }).map(({ text }) => text)[1]).toBe(
      'not even instances of 2 CPUs and 4 GiB, the largest that was measured, leave 20 % of it for 30 days',
    )
  })

  it('is none of a machine, nor of instances of an unknown size', () => {
    const machine = { is: 'machine', cpus: 2, memoryBytes: 4 * gib } as const
    const lines = measuredLines({ rate: 100, size: machine })
    expect(ways({ lines, size: wanted(machine) }).map(({ is }) => is)).toEqual(['instances'])
    expect(ways({ lines, size: undefined }).map(({ is }) => is)).toEqual(['instances'])
  })

  it('has the price that the team says of it', () => {
    const own = {
      instance: 30,
      currency: 'EUR',
      per: 'month',
      sizes: [{ limits: { cpus: 2, memoryBytes: 4 * gib }, price: 42 }],
    } as const
    expect(ways({ lines: two, prices: own }).map(({ is, cost }) => [is, cost?.amount])).toEqual([
      ['size', 24],
      ['instances', 30],
    ])
  })
})

describe('sizes', () => {
  it('are those that Fargate has', () => {
    expect(fargateSizes).toHaveLength(3 + 4 + 7 + 13 + 23 + 12 + 12)
    const memory = (cpus: number) =>
      fargateSizes.flatMap((one) => (one.cpus === cpus ? [(one.memoryBytes ?? 0) / gib] : []))
    expect(memory(0.25)).toEqual([0.5, 1, 2])
    expect([memory(8).at(0), memory(8).at(-1), memory(16).at(-1)]).toEqual([16, 60, 120])
  })

  it('grow by what decides, in the steps that there are', () => {
    const now = { cpus: 1, memoryBytes: 8 * gib }
    expect(nextSize(now, 'memory', fargateSizes)).toEqual({ cpus: 2, memoryBytes: 9 * gib })
    expect(nextSize({ cpus: 0.5, memoryBytes: gib }, 'memory', fargateSizes)).toEqual({
      cpus: 0.5,
      memoryBytes: 2 * gib,
    })
    expect(nextSize(now, 'cpu', fargateSizes)).toEqual({ cpus: 2, memoryBytes: 8 * gib })
    expect(nextSize({ cpus: null, memoryBytes: gib }, 'cpu', [])).toBeUndefined()
    expect(nextSize({ cpus: 16, memoryBytes: 120 * gib }, 'cpu', fargateSizes)).toBeUndefined()
  })

  it('give what is added to the service itself, and leave its sidecars', () => {
    const size: InstanceSize = {
      is: 'containers',
      containers: {
        app: { cpus: 0.75, memoryBytes: 1.5 * gib, essential: true },
        proxy: { cpus: 0.25, memoryBytes: 0.5 * gib, essential: true },
      },
    }
    expect(limitsGiven(size, { cpus: 2, memoryBytes: 4 * gib })).toBe(
      "{ app: { cpus: 1.75, memory: '3584MiB' } }",
    )
  })
})

describe('what an instance used of its size', () => {
  it('says what is lacking only where something was near its limit', () => {
    expect(usedText({ cpu: 0.5, memory: 0.4 })).toBe(
      'CPU was at 50 % of its limit at the load line, memory at 40 %: neither is what it lacks',
    )
    expect(usedText({ memory: 0.97 })).toBe('memory was at 97 % of its limit at the load line: more memory')
    expect(usedText(undefined)).toBeUndefined()
  })
})
