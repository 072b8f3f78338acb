import { describe, expect, it } from 'vitest'
import type { HeartbeatStanding } from '../../plan/heartbeats/state.ts'
import { allReleases, type Figures } from '../figures.ts'
import { judgeHealth, type Known } from './judge.ts'

const nothing: Figures = { releases: [], routes: [], instances: [], probes: [], targets: [] }
const here: Known = {
  runs: 'here',
  instances: { ready: 3, wanted: 3 },
  problems: new Map(),
  burning: [],
  unsaid: [],
  heartbeats: [],
}
const serving = (ratePerSecond: number, errorRatio: number): Figures => ({
  ...nothing,
  releases: [{ version: 'a', ratePerSecond, errorRatio }],
})

const elsewhere = (errorRatio: number): Figures => ({
  ...nothing,
  releases: [{ version: allReleases, ratePerSecond: 10, errorRatio }],
})
const beat = (standing: HeartbeatStanding) => ({ name: 'settlement', standing, because: 'so' })

describe('the health of an environment', () => {
  it('is ill when its gateway leaves an instance alone', () => {
    const gateway = ['instance a/1 gets no requests']
    expect(judgeHealth(serving(10, 0), { ...here, gateway })).toEqual({ is: 'ill', reasons: gateway })
  })

  it.each([
    ['nothing is known', nothing, here, 'unknown'],
    ['nothing was deployed', nothing, { ...here, rests: 'nothing was deployed yet' }, 'well'],
    ['all is as it should be', serving(10, 0), here, 'well'],
    ['many requests fail, and nothing was promised', serving(10, 0.5), here, 'well'],
    ['an alert pages', serving(10, 0.5), { ...here, burning: [{ as: 'page', text: 'a burns' }] }, 'ill'],
    ['it burns now', serving(10, 0.5), { ...here, burning: [{ as: 'now', text: 'a burns' }] }, 'ill'],
    [
      'there is a ticket',
      serving(10, 0.5),
      { ...here, burning: [{ as: 'ticket', text: 'a burns' }] },
      'well',
    ],
    ['a promise cannot be judged', serving(10, 0), { ...here, unsaid: ['nobody answers'] }, 'unknown'],
    ['an instance is not ready', serving(10, 0), { ...here, instances: { ready: 2, wanted: 3 } }, 'ill'],
    ['a probe fails', { ...nothing, probes: [{ name: 'a', ok: false }] }, here, 'ill'],
    ['a target is down', { ...nothing, targets: [{ instance: 'a', up: false, samples: 0 }] }, here, 'ill'],
    ['elsewhere more fail than are promised', elsewhere(0.2), { ...here, budget: 0.001 }, 'ill'],
    ['elsewhere few fail', elsewhere(0.001), { ...here, budget: 0.001 }, 'well'],
    ['a job is late', nothing, { ...here, heartbeats: [beat('late')] }, 'ill'],
    [
      'a job is late and nothing runs',
      nothing,
      { ...here, rests: 'asleep', heartbeats: [beat('late')] },
      'ill',
    ],
    ['nobody knows whether a job ran', serving(10, 0), { ...here, heartbeats: [beat('unknown')] }, 'unknown'],
    ['a job runs', nothing, { ...here, heartbeats: [beat('running')] }, 'well'],
    ['a Prometheus does not answer', serving(10, 0), { ...here, unsaid: ['it does not answer'] }, 'unknown'],
    ['a target is up', { ...nothing, targets: [{ instance: 'a', up: true, samples: 4 }] }, here, 'well'],
  ] as const)('when %s', (_, figures, known, is) => expect(judgeHealth(figures, known).is).toBe(is))

  it('says everything that is wrong, and why', () => {
    const figures: Figures = {
      releases: [
        { version: 'a', ratePerSecond: 90, errorRatio: 0 },
        { version: 'b', ratePerSecond: 10, errorRatio: 0.4 },
      ],
      routes: [],
      instances: [],
      probes: [{ name: 'front', ok: false }],
      targets: [{ instance: 'a/0', up: false, samples: 0 }],
    }
    const problems = new Map([
      ['front', ['answered 500, expected 2xx', 'the body does not hold "hello"']],
      ['a/0', ['did not answer within 1000 ms']],
    ])
    const burning = [
      { as: 'ticket', text: 'its latency budget burns' },
      { as: 'page', text: 'its availability budget burns' },
    ] as const
    const known = {
      ...here,
      problems,
      burning,
      unsaid: ['payouts: no answer'],
      instances: { ready: 0, wanted: 3 },
    }
    const { reasons } = judgeHealth(figures, known)
    expect(reasons).toEqual([
      'no instance is ready',
      'page: its availability budget burns',
      'probe front fails: answered 500, expected 2xx',
      'metrics of a/0 cannot be read: did not answer within 1000 ms',
      'ticket: its latency budget burns',
      'payouts: no answer',
    ])
  })
})
