import { describe, expect, it } from 'vitest'
import { planLooks } from './burn-loop.ts'
import type { ToldPlace } from './burn-watch.ts'

const place = (environment: string, intervalMs: number): ToldPlace => ({
  service: 'payments',
  environment,
  timeZone: 'Etc/UTC',
  slos: [],
  jobs: [],
  futures: [],
  intervalMs,
})
const [often, seldom] = [place('production', 1_000), place('staging', 15_000)]
const plan = (last: Readonly<Record<string, number>>, now: number) => {
  const { due, next } = planLooks([often, seldom], new Map(Object.entries(last)), now)
  return { due: due.map(({ environment }) => environment), next }
}

describe('what is judged when', () => {
  it.each([
    ['at first, everything', {}, 0, ['production', 'staging'], 1_000],
    ['later, what is due', { 'payments.production': 0, 'payments.staging': 0 }, 1_000, ['production'], 2_000],
    ['nothing before', { 'payments.production': 900, 'payments.staging': 0 }, 1_000, [], 1_900],
    [
      'at once after a clock was set back',
      { 'payments.production': 9_000, 'payments.staging': 9_000 },
      0,
      ['production', 'staging'],
      1_000,
    ],
  ] as const)('%s', (_, last, now, due, next) => expect(plan(last, now)).toEqual({ due, next }))

  it('is looked up again in five seconds, whatever is due', () => {
    expect(planLooks([seldom], new Map([['payments.staging', 0]]), 100)).toEqual({ due: [], next: 5_100 })
    expect(planLooks([], new Map(), 100)).toEqual({ due: [], next: 5_100 })
  })
})
