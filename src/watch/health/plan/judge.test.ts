import { describe, expect, it } from 'vitest'
import type { HeartbeatStanding } from '../../plan/heartbeats/state.ts'
import type { Figures } from '../figures.ts'
import { judgeHealth, type Known } from './judge.ts'

const nothing: Figures = { releases: [], routes: [], instances: [], probes: [], targets: [] }
const here: Known = {
  runs: 'here',
  instances: { ready: 3, wanted: 3 },
  problems: new Map(),
  unknown: [],
  heartbeats: [],
  budget: 0.001,
}
const serving = (ratePerSecond: number, errorRatio: number): Figures => ({
  ...nothing,
  releases: [{ version: 'a', ratePerSecond, errorRatio }],
})

const beat = (standing: HeartbeatStanding) => ({ name: 'settlement', standing, because: 'so' })

describe('the health of an environment', () => {
  it.each([
    ['nothing is known', nothing, here, 'unknown'],
    ['nothing was deployed', nothing, { ...here, rests: 'nothing was deployed yet' }, 'well'],
    ['all is as it should be', serving(10, 0), here, 'well'],
    ['few requests fail', serving(10, 0.014), here, 'well'],
    ['many requests fail', serving(10, 0.015), here, 'ill'],
    ['a large share of hardly any requests fails', serving(0.05, 0.2), here, 'well'],
    [
      'many requests fail, and nothing was promised',
      serving(10, 0.5),
      { ...here, budget: undefined },
      'well',
    ],
    ['an instance is not ready', serving(10, 0), { ...here, instances: { ready: 2, wanted: 3 } }, 'ill'],
    ['a probe fails', { ...nothing, probes: [{ name: 'a', ok: false }] }, here, 'ill'],
    ['a target is down', { ...nothing, targets: [{ instance: 'a', up: false, samples: 0 }] }, here, 'ill'],
    ['a job is late', nothing, { ...here, heartbeats: [beat('late')] }, 'ill'],
    [
      'a job is late and nothing runs',
      nothing,
      { ...here, rests: 'asleep', heartbeats: [beat('late')] },
      'ill',
    ],
    ['nobody knows whether a job ran', serving(10, 0), { ...here, heartbeats: [beat('unknown')] }, 'unknown'],
    ['a job runs', nothing, { ...here, heartbeats: [beat('running')] }, 'well'],
    ['a Prometheus does not answer', serving(10, 0), { ...here, unknown: ['it does not answer'] }, 'unknown'],
    ['a target is up', { ...nothing, targets: [{ instance: 'a', up: true, samples: 4 }] }, here, 'well'],
  ] as const)('when %s', (_, figures, known, is) => expect(judgeHealth(figures, known, 300).is).toBe(is))

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
    const { reasons } = judgeHealth(figures, { ...here, problems, instances: { ready: 0, wanted: 3 } }, 300)
    expect(reasons).toEqual([
      'no instance is ready',
      '4 % of the requests fail; 0.1 % are promised at most',
      'probe front fails: answered 500, expected 2xx',
      'metrics of a/0 cannot be read: did not answer within 1000 ms',
    ])
  })
})
