import { describe, expect, it } from 'vitest'
import type { Points } from '../../../series/index.ts'
import { createTally, gapsIn, historyOf, type Recorded } from './recorded.ts'
import { dayMs, hourMs, minuteMs } from './traffic.fixture.ts'

const points = (samples: readonly (readonly [minute: number, value: number])[], labels = {}): Points => ({
  name: 'requests_total',
  labels,
  times: samples.map(([minute]) => minute * minuteMs),
  values: samples.map(([, value]) => value),
})
const tallied = (to: number, ...pieces: readonly (readonly Points[])[]) => {
  const tally = createTally(0, to * minuteMs, minuteMs)
  for (const piece of pieces) tally.take(piece)
  return { growth: [...tally.growth], known: [...tally.known] }
}

describe('what counters have counted', () => {
  it('goes to the minute in which it was seen, over pieces, series and new beginnings', () => {
    const whole = points([
      [0, 5],
      [1, 7],
      [2, 7],
      [3, 2],
    ])
    const other = points(
      [
        [1, 0],
        [2, 10],
      ],
      { fleet: 'b' },
    )
    expect(tallied(4, [whole, other])).toEqual({ growth: [2, 10, 2, 0], known: [1, 1, 1, 0] })
    const [first, second] = [whole.times.slice(0, 2), whole.times.slice(2)]
    const pieces = [
      [{ ...whole, times: first, values: whole.values.slice(0, 2) }, other],
      [{ ...whole, times: second, values: whole.values.slice(2) }],
    ]
    expect(tallied(4, ...pieces)).toEqual(tallied(4, [whole, other]))
  })

  it('of a time in which nobody looked is spread over it, and that time is not known', () => {
    const { growth, known } = tallied(12, [
      points([
        [1, 0],
        [11, 100],
      ]),
    ])
    expect(growth).toEqual([0, ...Array.from({ length: 10 }, () => 10), 0])
    expect(known).toEqual(Array.from({ length: 12 }, () => 0))
  })

  it('before the record counts for nothing', () => {
    const tally = createTally(10 * minuteMs, 12 * minuteMs, minuteMs)
    tally.take([
      points([
        [2, 0],
        [11, 90],
        [12, 91],
      ]),
    ])
    expect([...tally.growth]).toEqual([10, 1])
    expect([...tally.known]).toEqual([0, 1])
  })
})

describe('a record', () => {
  const minutes = 180
  const recorded: Recorded = {
    from: 0,
    partMs: minuteMs,
    total: new Float64Array(minutes).fill(60),
    bad: Float64Array.from({ length: minutes }, (_, i) => (i >= 120 ? 6 : 0)),
    known: Uint8Array.from({ length: minutes }, (_, i) => (i >= 30 && i < 50 ? 0 : 1)),
  }

  it('knows what the windows that end at any moment count', () => {
    const at = historyOf(recorded, 28 * dayMs)
    expect(at(180 * minuteMs)(hourMs)).toEqual({ bad: 360, total: 3_600, coverage: 1 })
    expect(at(150 * minuteMs)(hourMs)).toEqual({ bad: 180, total: 3_600, coverage: 1 })
    expect(at(60 * minuteMs)(hourMs)).toEqual({ bad: 0, total: 3_600, coverage: expect.closeTo(40 / 60, 9) })
    expect(at(30 * minuteMs)(hourMs)).toEqual({ bad: 0, total: 1_800, coverage: 0.5 })
    expect(at(-minuteMs)(hourMs)).toEqual({ bad: 0, total: 0, coverage: 0 })
  })

  it('says where it has gaps', () => {
    expect(gapsIn(recorded, 0, 180 * minuteMs)).toEqual([{ from: 30 * minuteMs, to: 50 * minuteMs }])
    expect(gapsIn(recorded, 60 * minuteMs, 180 * minuteMs)).toEqual([])
    expect(gapsIn(recorded, 0, 40 * minuteMs)).toEqual([{ from: 30 * minuteMs, to: 40 * minuteMs }])
  })
})
