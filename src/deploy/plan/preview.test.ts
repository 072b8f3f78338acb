import { describe, expect, it } from 'vitest'
import { planFrom } from './canary.ts'
import type { CanarySettings, DeploymentSettings, StrategySettings } from './order.ts'
import { previewStages } from './preview.ts'
import { planStages } from './strategy.ts'

const canary: CanarySettings = {
  ...{ stageAtMostMs: 600_000, find: 0.05, alpha: 0.001, watchMs: 300_000, warmUpMs: 0, minRequests: 300 },
  ...{ deadlineMs: 3_600_000, inconclusive: 'rollback', split: 'request', latency: true },
}
const settings = (strategy: StrategySettings): DeploymentSettings =>
  ({
    ...{ instances: 3, bakeMs: 60_000, strategy, gates: [], port: 1, requestTimeoutMs: 1 },
    start: {},
    migrate: { run: 'migrate', timeoutMs: 1, env: {} },
  }) as unknown as DeploymentSettings

const busy = { seconds: 200, requests: 10_000, failures: 10 }
const strategies: readonly StrategySettings[] = [
  { is: 'rolling', surge: 1 },
  { is: 'blueGreen' },
  { is: 'canary', ...canary },
]

describe('what a deployment would do', () => {
  it.each(strategies)('is what it plans when it begins: $is', (strategy) => {
    for (const kind of ['deploy', 'promote', 'rollback'] as const)
      for (const from of [0, 2, 3])
        expect(previewStages(kind, settings(strategy), from, undefined)).toMatchObject({
          stages: planStages(kind, settings(strategy), from),
        })
  })

  it('plans the stages of a canary from the traffic, as it will when it has come so far', () => {
    const { stages, plan, back } = previewStages('deploy', settings({ is: 'canary', ...canary }), 3, busy)
    expect(plan).toEqual(planFrom(canary, busy))
    expect(plan?.sentence).toMatch(/a release that fails 5 % of its requests harms about \d+ requests/)
    expect(stages.map(({ title }) => title)).toEqual([
      'migrate the data',
      'start 3 new instances',
      'the gateway sees them healthy',
      'plan the stages from the traffic',
      '8 % of the requests to the new instances',
      expect.stringMatching(/^judge it at 8 % for \d+ s$/),
      '50 % of the requests to the new instances',
      'judge it at 50 % until it is judged',
      'all requests to the new instances',
      'watch the new instances alone',
      'stop the old instances',
    ])
    expect(back.map(({ title }) => title)).toEqual([
      'all requests to the old instances',
      'stop the new instances',
    ])
  })

  it('does not plan by traffic that there is not, nor what is not judged', () => {
    const strategy = settings({ is: 'canary', ...canary })
    expect(previewStages('deploy', strategy, 3, { ...busy, requests: 0 }).plan).toBeUndefined()
    expect(previewStages('rollback', strategy, 3, busy).plan).toBeUndefined()
    expect(previewStages('deploy', strategy, 0, busy).plan).toBeUndefined()
  })
})
