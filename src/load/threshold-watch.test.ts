import { describe, expect, it } from 'vitest'
import type { EngineEnd, Second } from './engine/engine.ts'
import type { Part } from './engine/merge.ts'
import { noCounts } from './engine/tally.ts'
import { parseThresholds } from './plan/thresholds.ts'
import { watchThresholds } from './threshold-watch.ts'

const took = (ms: number, count: number) => ({ upperMs: [ms], counts: [count] })

/** So many requests, all of which took so long; service and send lag are half of it each. */
const part = (count: number, ms: number, errors = 0): Part => ({
  counts: { ...noCounts(), scheduled: count, sent: count, answered: count, errors },
  response: took(ms, count),
  service: took(ms / 2, count),
  sendLag: took(ms / 2, count),
  checks: { passed: 0, failed: 0 },
})

const second = (number: number, one: Part, lengthMs = 1_000, name = 'GET /'): Second => ({
  second: number,
  lengthMs,
  parts: new Map([[name, one]]),
})

function watch(text: string) {
  const { thresholds } = parseThresholds([text])
  const [threshold] = thresholds
  if (!threshold) throw new Error(text)
  const watched = watchThresholds(thresholds)
  return {
    add: watched.add,
    judge: (source?: 'service') => watched.judge(threshold, {} as EngineEnd, source),
  }
}

describe('windows of a threshold', () => {
  it('slide by a second, and the worst decides', () => {
    const { add, judge } = watch('errors<30% over 2s')
    // No pair that begins with an even second has more than a quarter.
    for (const [n, errors] of [0, 4, 4, 0].entries()) add(second(n, part(10, 5, errors)))
    expect(judge()).toMatchObject({ is: 'missed', value: 0.4 })
  })

  it('are of any source and name, and of checks', () => {
    const [service, lag, named] = [
      'service.p99<6ms over 1s',
      'lag.mean<4ms over 1s',
      'p99{GET /}<9ms over 1s',
    ].map((text) => {
      const { add, judge } = watch(text)
      add(second(0, part(10, 10)))
      return judge()
    })
    expect([service?.is, lag?.is, named?.is]).toEqual(['met', 'missed', 'missed'])
    const { add, judge } = watch('checks{created}>90% over 1s')
    add(second(0, { ...part(0, 0), checks: { passed: 8, failed: 2 } }, 1_000, 'created'))
    expect(judge()).toMatchObject({ is: 'missed', value: 0.8 })
  })

  it('have the end of the run in the last of them, however short it is', () => {
    const { add, judge } = watch('rate>9/s over 1s')
    add(second(0, part(10, 1)))
    add(second(1, part(10, 1)))
    add(second(2, part(3, 1), 0))
    expect(judge()).toMatchObject({ is: 'met', value: 10 })
    const late = watch('max<1s over 1s')
    late.add(second(0, part(10, 1)))
    late.add(second(1, part(1, 5_000), 0))
    expect(late.judge()).toMatchObject({ is: 'missed', value: 5_000 })
  })

  it('are judged from the real send, too, for a generator that was late', () => {
    const { add, judge } = watch('p99<8ms over 1s')
    add(second(0, part(10, 10)))
    expect([judge().is, judge('service').is]).toEqual(['missed', 'met'])
  })

  it('that are longer than the run say nothing', () => {
    const { add, judge } = watch('p99<8ms over 3s')
    for (const n of [0, 1]) add(second(n, part(10, 1)))
    expect(judge().is).toBe('unknown')
  })
})

describe('a threshold that may end the run', () => {
  it('does so when a window is missed, however few requests it had', () => {
    const { add } = watch('errors<30% over 2s stop')
    expect([add(second(0, part(2, 1, 2))), add(second(1, part(2, 1)))]).toEqual([
      undefined,
      'errors<30% over 2s stop was missed',
    ])
  })

  it('over the whole run waits for a hundred requests', () => {
    const { add } = watch('errors<30% stop')
    expect(add(second(0, part(60, 1, 60)))).toBeUndefined()
    expect(add(second(1, part(60, 1)))).toBe('errors<30% stop was missed')
    expect(watch('errors<30% stop').add(second(0, part(200, 1, 10)))).toBeUndefined()
  })
})
