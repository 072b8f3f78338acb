import { expect, it } from 'vitest'
import type { TrafficSeen } from '../../fleet/index.ts'
import { addSample, latelyIn } from './lately.ts'

const seen = (answered: number, failed = 0, more: Partial<TrafficSeen> = {}): TrafficSeen =>
  ({
    reachable: true,
    generation: 'a',
    counts: { one: { answered, lost: 0, byClass: { '5': failed } } },
    ...more,
  }) as unknown as TrafficSeen

type Samples = ReturnType<typeof addSample>
const all = (looks: readonly (readonly [number, TrafficSeen])[]): Samples =>
  looks.reduce<Samples>((samples, [second, one]) => addSample(samples, one, second * 1_000), [])

it('is what has come in between, of the last five minutes', () => {
  expect(latelyIn(all([[0, seen(100, 5)]]))).toBeUndefined()
  expect(
    latelyIn(
      all([
        [0, seen(100)],
        [4, seen(200)],
      ]),
    ),
  ).toBeUndefined()
  expect(
    latelyIn(
      all([
        [0, seen(100, 5)],
        [100, seen(600, 6)],
      ]),
    ),
  ).toEqual({ seconds: 100, fleets: { one: { requests: 500, failures: 1 } } })
  expect(
    latelyIn(
      all([
        [0, seen(0)],
        [200, seen(100)],
        [400, seen(300)],
      ]),
    ),
  ).toEqual({ seconds: 200, fleets: { one: { requests: 200, failures: 0 } } })
})

it('begins anew with a gateway that counts from zero, and waits for one that does not answer', () => {
  const restarted = all([
    [0, seen(900)],
    [10, seen(950)],
    [20, seen(0, 0, { reachable: false })],
    [30, seen(5, 0, { generation: 'b' })],
    [40, seen(25, 0, { generation: 'b' })],
  ])
  expect(latelyIn(restarted)).toEqual({ seconds: 10, fleets: { one: { requests: 20, failures: 0 } } })
})
