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

const lately = (looks: readonly (readonly [number, TrafficSeen])[], since = 0) =>
  latelyIn(all(looks), 'one', since * 1_000)

const growing = (...seconds: readonly number[]) => seconds.map((at) => [at, seen(10 * at, at / 10)] as const)

it('is what has come in between, of the last five minutes', () => {
  expect(lately(growing(0))).toBeUndefined()
  expect(lately(growing(0, 4))).toBeUndefined()
  expect(lately(growing(0, 100))).toEqual({ seconds: 100, requests: 1_000, failures: 10 })
  expect(lately(growing(0, 200, 400))).toEqual({ seconds: 200, requests: 2_000, failures: 20 })
  expect(latelyIn(all(growing(0, 100)), 'another', 0)).toBeUndefined()
})

it('is not what came before the release was live', () => {
  expect(lately(growing(0, 10, 100), 5)).toEqual({ seconds: 90, requests: 900, failures: 9 })
  expect(lately(growing(0, 10, 100), 50)).toBeUndefined()
})

it('begins anew with a gateway that counts from zero, and waits for one that does not answer', () => {
  const restarted = lately([
    [0, seen(900)],
    [10, seen(950)],
    [20, seen(0, 0, { reachable: false })],
    [30, seen(5, 0, { generation: 'b' })],
    [40, seen(25, 0, { generation: 'b' })],
  ])
  expect(restarted).toEqual({ seconds: 10, requests: 20, failures: 0 })
})
