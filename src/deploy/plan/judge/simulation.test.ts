import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { learn, noEvidence } from './evidence.ts'
import { type JudgeSettingsInput, planCanary, type Side } from './index.ts'
import { ratioSeen } from './interval.ts'
import { shareLikelihood } from './likelihood.ts'
import { isSplitRight } from './state.ts'
import { edges, type Watch, type Watched, watchCanary } from './testdata/watch.ts'
import { asBefore, drawSpan, type World } from './testdata/world.ts'

const simulations = Number(process.env.PLIMSOLL_SIMULATIONS ?? 200)

/** Large, so that few simulations show whether it is kept. */
const alpha = 0.05

const all: JudgeSettingsInput = {
  alpha,
  metrics: { errors: { weight: 3 }, latency: { weight: 1, edges } },
  warmUpMs: 0,
}
const latencyAlone: JudgeSettingsInput = { ...all, metrics: { latency: { weight: 1, edges } } }

const release = { errors: 0.001, slower: asBefore }
const same: World = { requestsPerSecond: () => 50, share: 0.1, canary: release, live: release }
const swinging = (second: number): number => 50 * (1 + 0.8 * Math.sin((second / 1_200) * 2 * Math.PI))

const run = (world: World, settings: JudgeSettingsInput, watch: Watch): readonly Watched[] =>
  Array.from({ length: simulations }, (_, i) => watchCanary(world, settings, watch, 1_000 + i))

function foundShare(title: string, watched: readonly Watched[]): number {
  const share = watched.filter(({ foundAt }) => foundAt !== undefined).length / watched.length
  console.log(`${title} (${watched.length} simulated): ${(share * 100).toFixed(1)} % rolled back`)
  return share
}

const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const twentyMinutes: Watch = { seconds: 1_200, every: 20 }

describe('simulated canaries that are as good as the live version', () => {
  const flaky = { errors: 0.02, slower: asBefore }
  const worlds: readonly [string, World, JudgeSettingsInput][] = [
    ['everything judged', same, all],
    ['swinging load', { ...same, requestsPerSecond: swinging }, all],
    [
      'failures that come and go on both sides',
      { ...same, canary: flaky, live: flaky, errorsTimes: (s) => (s % 300 < 60 ? 20 : 1) },
      all,
    ],
    ['latency alone, half of the events at p50', same, latencyAlone],
    ['latency alone, half of the requests', { ...same, share: 0.5 }, latencyAlone],
    ['latency alone, a split that is half as much again', { ...same, sentShare: 0.15 }, latencyAlone],
    ['bursts of failures, each of one instance', { ...same, bursts: { everySeconds: 60, of: 10 } }, all],
    ['few requests', { ...same, requestsPerSecond: () => 2, share: 0.3 }, all],
  ]
  test.each(worlds)('%s', { timeout: 120_000 }, (title, world, settings) => {
    expect(foundShare(title, run(world, settings, twentyMinutes))).toBeLessThanOrEqual(alpha)
  })

  test('the split is found right, and the interval of the ratio holds 1', { timeout: 120_000 }, () => {
    const watched = run({ ...same, live: flaky, canary: flaky }, all, twentyMinutes)
    const covered = watched.filter(({ state }) => {
      const { low, high } = state.errors ? ratioSeen(state.errors.byShare) : { low: null, high: null }
      return (low ?? 0) <= 1 && (high ?? Infinity) >= 1
    })
    expect(watched.filter(({ state }) => !isSplitRight(state))).toEqual([])
    expect(covered.length / watched.length).toBeGreaterThanOrEqual(0.95)
  })
})

/** What E would be, were slow answers judged as failures are: by the share asked for, whoever got how many requests. */
function wealthByShare(seed: number): number {
  const random = seededRandom(seed).fork('by share')
  let evidence = noEvidence(0)
  for (let second = 1; second <= 60; second++) {
    const { at, canary, live } = drawSpan({ ...same, sentShare: 0.15 }, second, 1, random)
    const slow = (side: Side) => ({ bad: side.slower[0] ?? 0, of: side.requests })
    const seen = { canary: slow(canary), live: slow(live) }
    const gainsOf = (bad: number) => shareLikelihood(bad, seen.live.bad, same.share)
    evidence = learn(evidence, at, seen, gainsOf, { most: 10, isWell: true })
  }
  return evidence.wealth
}

test('frequent events by the share asked for alone would take a wrong split for a slow canary', () => {
  const wealths = Array.from({ length: 100 }, (_, i) => wealthByShare(i))
  expect(wealths.filter((wealth) => wealth >= -Math.log(alpha)).length).toBeGreaterThan(80)
})

describe('simulated canaries that are worse', () => {
  const usual: JudgeSettingsInput = { metrics: { errors: { weight: 3 }, latency: { weight: 1, edges } } }
  const bad = { errors: 0.05, slower: asBefore }
  const hour: Watch = { seconds: 3_600, every: 1 }

  test.each([
    [50, 0.05, 33],
    [5, 0.4, 108],
  ])(
    '5 % errors at %d requests/s and a share of %d: found in about the time that was planned',
    (rate, share, within) => {
      const watched = run({ ...same, requestsPerSecond: () => rate, share, canary: bad }, usual, hour)
      const [plan] = planCanary({
        requestsPerSecond: rate,
        baselineErrorRatio: 0.001,
        alpha: 0.001,
        find: { errorRatio: 0.05 },
        stages: [share],
      }).stages
      const planned = plan?.finds.find(({ errorRatio }) => errorRatio === 0.05)
      const seconds = medianOf(watched.map(({ foundAt }) => foundAt ?? Infinity))
      console.log(`5 % errors at ${rate}/s: median ${seconds} s, planned ${planned?.seconds.toFixed(0)} s`)
      expect(seconds).toBeLessThanOrEqual(within)
      expect(seconds / (planned?.seconds ?? 0)).toBeGreaterThan(0.75)
      expect(seconds / (planned?.seconds ?? 0)).toBeLessThan(1.25)
      expect(medianOf(watched.map(({ failed }) => failed))).toBeLessThanOrEqual((planned?.failures ?? 0) + 1)
    },
  )

  test('a wrong split is noticed before it could matter', () => {
    const world = { ...same, sentShare: 0.2 }
    const watched = run(world, usual, { seconds: 120, every: 1 })
    expect(watched.filter(({ foundAt }) => foundAt !== undefined)).toEqual([])
    expect(watched.filter(({ state }) => isSplitRight(state))).toEqual([])
  })
})
