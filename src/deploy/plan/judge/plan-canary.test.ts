import { describe, expect, it } from 'vitest'
import { type PlanRequest, planCanary } from './index.ts'

const usual: PlanRequest = {
  requestsPerSecond: 50,
  baselineErrorRatio: 0.001,
  alpha: 0.001,
  find: { errorRatio: 0.05 },
}

const sharesOf = (more: Partial<PlanRequest> = {}) =>
  planCanary({ ...usual, ...more }).stages.map(({ share }) => share)

describe('a planned canary', () => {
  it.each([
    [5, [0.35, 0.5]],
    [50, [0.08, 0.5]],
    [1_000, [0.01, 0.07, 0.5]],
  ])('of %d requests/s goes through %j of the requests', (requestsPerSecond, shares) => {
    expect(sharesOf({ requestsPerSecond })).toEqual(shares)
  })

  it('takes as few requests as find it in time', () => {
    expect(sharesOf({ withinSeconds: 60 })[0]).toBe(0.03)
    expect(sharesOf({ withinSeconds: 10 })[0]).toBe(0.35)
  })

  it('harms no more than allowed, or as few as can be', () => {
    const plan = planCanary({ ...usual, withinSeconds: 5, harmAtMost: 5 })
    expect(plan.harmed).toBeLessThanOrEqual(5)
    expect(sharesOf({ harmAtMost: 0 })[0]).toBe(0.01)
  })

  it('takes the stages that it is given', () =>
    expect(sharesOf({ stages: [0.05, 0.2] })).toEqual([0.05, 0.2]))

  it('says what each stage finds', () => {
    const [stage] = planCanary({ ...usual, stages: [0.05] }).stages
    const found = stage?.finds.map(({ errorRatio, failures, seconds }) => [
      errorRatio,
      failures,
      Math.round(seconds),
    ])
    expect(found).toEqual([
      [1, 8, 3],
      [0.05, 4, 31],
      [0.01, 8, 312],
    ])
    expect(stage?.sentence).toBe(
      '5 % of the requests for 1 m 18 s to 8 m 54 s: a release that always fails is found after about 3 s and 8 failed requests; one that fails 5 % of its requests is found after about 31 s and 4 failed requests; one that fails 1 % of its requests is found after about 5 m 12 s and 8 failed requests',
    )
  })

  it('says the whole in a sentence', () => {
    expect(planCanary({ ...usual, stages: [0.05, 0.5] })).toMatchObject({
      shortestSeconds: 97,
      sentence:
        '5 %, 50 % of the requests, 1 m 37 s at least; a release that fails 5 % of its requests harms about 4 requests before it is found',
    })
  })

  it('says that a release cannot be found which fails hardly more', () => {
    const plan = planCanary({ ...usual, find: { errorRatio: 0.0011 } })
    expect(plan.harmed).toBeNull()
    expect(plan.sentence).toContain('is not found')
  })

  const wrong: readonly [Partial<PlanRequest>, RegExp][] = [
    [{ requestsPerSecond: 0 }, /requestsPerSecond is 0/],
    [{ baselineErrorRatio: 1 }, /baselineErrorRatio is 1/],
    [{ alpha: 0 }, /alpha is 0/],
    [{ find: { errorRatio: 0.001 } }, /find\.errorRatio is 0\.001, expected more than the baseline's 0\.001/],
    [{ stages: [0.1, 1] }, /share of 1/],
  ]
  it.each(wrong)('refuses %j', (more, message) => {
    expect(() => planCanary({ ...usual, ...more })).toThrow(message)
  })
})
