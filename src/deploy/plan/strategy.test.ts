import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canaryStages, planFrom } from './canary.ts'
import type { CanarySettings, DeploymentKind, DeploymentSettings, StrategySettings } from './order.ts'
import { type Stage, weightsIn } from './stage.ts'
import { planStages } from './strategy.ts'
import { planUndo } from './undo.ts'

const canary: CanarySettings & { is: 'canary' } = {
  is: 'canary',
  stageAtMostMs: 600_000,
  find: 0.05,
  alpha: 0.001,
  watchMs: 300_000,
  warmUpMs: 30_000,
  minRequests: 300,
  deadlineMs: 3_600_000,
  inconclusive: 'rollback',
  split: 'request',
  latency: true,
}

const settings = (strategy: StrategySettings, instances = 3, bakeMs = 60_000) =>
  ({ strategy, instances, bakeMs, start: {} }) as DeploymentSettings

/** With the stages that a canary plans from its traffic. */
function wholePlan(kind: DeploymentKind, how: DeploymentSettings, from: number, perSecond = 50): Stage[] {
  const stages = planStages(kind, how, from)
  const at = stages.findIndex((stage) => stage.do === 'plan')
  if (at < 0 || how.strategy.is !== 'canary') return stages
  const plan = planFrom(how.strategy, { seconds: 10, requests: 10 * perSecond, failures: 0 })
  return [...stages.slice(0, at + 1), ...canaryStages(plan, from, how.instances), ...stages.slice(at + 1)]
}

/** Of a worker, which takes no requests. */
const worker = (strategy: StrategySettings) =>
  ({ ...settings(strategy), start: { worker: { ready: 1_000 } } }) as DeploymentSettings

const percent = (share: number) => `${Number((100 * share).toPrecision(3))} %`

function linesOf(stages: readonly Stage[]): string[] {
  return stages.map((stage) => {
    const { from, to } = weightsIn(stage)
    const share = from + to > 0 ? percent(to / (from + to)) : '–'
    return `${stage.do.padEnd(7)} ${stage.sizes.from}+${stage.sizes.to} run, ${share} new: ${stage.title}`
  })
}

describe('the plan of a deployment', () => {
  it('by blue-green', () => {
    expect(linesOf(wholePlan('deploy', settings({ is: 'blueGreen' }), 3))).toEqual([
      'fleets  3+3 run, 0 % new: start 3 new instances',
      'traffic 3+3 run, 0 % new: the gateway sees them healthy',
      'traffic 3+3 run, 100 % new: all requests to the new instances',
      'bake    3+3 run, 100 % new: watch the new instances alone',
      'fleets  0+3 run, 100 % new: stop the old instances',
    ])
  })

  it('of a worker, which nobody sends anything', () => {
    expect(linesOf(planStages('deploy', worker({ is: 'rolling', surge: 1 }), 3))).toEqual([
      'fleets  3+1 run, 0 % new: start 1 new instance (1 of 3)',
      'fleets  2+2 run, 33.3 % new: stop 1 old instance, start 1 new instance (2 of 3)',
      'fleets  1+3 run, 66.7 % new: stop 1 old instance, start 1 new instance (3 of 3)',
      'bake    1+3 run, 100 % new: watch the new instances alone',
      'fleets  0+3 run, 100 % new: stop the old instances',
    ])
    expect(linesOf(planStages('deploy', worker({ is: 'blueGreen' }), 3))).toEqual([
      'fleets  3+3 run, 0 % new: start 3 new instances',
      'bake    3+3 run, 100 % new: watch the new instances alone',
      'fleets  0+3 run, 100 % new: stop the old instances',
    ])
  })

  it('of a worker of which there are never two versions', () => {
    const alone = worker({ is: 'rolling', surge: 1, overlap: false })
    expect(linesOf(planStages('deploy', alone, 3))).toEqual([
      'fleets  0+0 run, – new: stop the old instances',
      'fleets  0+3 run, – new: start 3 new instances',
      'bake    0+3 run, – new: watch the new instances alone',
    ])
    for (const stage of planStages('deploy', alone, 3))
      expect(linesOf(planUndo(alone, stage, 3))).toEqual([
        'fleets  0+0 run, – new: stop the new instances',
        'fleets  3+0 run, – new: start the old instances again',
      ])
  })

  it('by canary, its shares and times planned from 50 requests a second', () => {
    expect(linesOf(wholePlan('deploy', settings(canary), 3))).toMatchInlineSnapshot(`
      [
        "fleets  3+3 run, 0 % new: start 3 new instances",
        "traffic 3+3 run, 0 % new: the gateway sees them healthy",
        "plan    3+3 run, 0 % new: plan the stages from the traffic",
        "traffic 3+3 run, 8 % new: 8 % of the requests to the new instances",
        "judge   3+3 run, 8 % new: judge it at 8 % for 45 s",
        "traffic 3+3 run, 50 % new: 50 % of the requests to the new instances",
        "judge   3+3 run, 50 % new: judge it at 50 % until it is judged",
        "traffic 3+3 run, 100 % new: all requests to the new instances",
        "bake    3+3 run, 100 % new: watch the new instances alone",
        "fleets  0+3 run, 100 % new: stop the old instances",
      ]
    `)
  })

  it('by canary, with shares and a longest stage as configured', () => {
    const own = { ...canary, shares: [0.02, 0.2], stageAtMostMs: 20_000 }
    expect(linesOf(wholePlan('deploy', settings(own, 2), 2, 5))).toMatchInlineSnapshot(`
      [
        "fleets  2+2 run, 0 % new: start 2 new instances",
        "traffic 2+2 run, 0 % new: the gateway sees them healthy",
        "plan    2+2 run, 0 % new: plan the stages from the traffic",
        "traffic 2+2 run, 2 % new: 2 % of the requests to the new instances",
        "judge   2+2 run, 2 % new: judge it at 2 % for 20 s",
        "traffic 2+2 run, 20 % new: 20 % of the requests to the new instances",
        "judge   2+2 run, 20 % new: judge it at 20 % until it is judged",
        "traffic 2+2 run, 100 % new: all requests to the new instances",
        "bake    2+2 run, 100 % new: watch the new instances alone",
        "fleets  0+2 run, 100 % new: stop the old instances",
      ]
    `)
  })

  it('with its commands: the migration first, then a look before any request, and one with all of them', () => {
    const task = { run: 'true', timeoutMs: 1_000, env: {} }
    const how = { migrate: task, smokeBefore: task, smokeAfter: task }
    const rolling = { ...settings({ is: 'rolling', surge: 2 }, 2, 0), ...how }
    expect(linesOf(wholePlan('deploy', rolling, 2))).toEqual([
      'task    2+0 run, 0 % new: migrate the data',
      'fleets  2+2 run, 0 % new: start 2 new instances (2 of 2)',
      'traffic 2+2 run, 0 % new: the gateway sees them healthy',
      'task    2+2 run, 0 % new: smoke check before any request',
      'traffic 2+2 run, 100 % new: 2 of 2 take requests',
      'task    2+2 run, 100 % new: smoke check with all requests',
      'fleets  0+2 run, 100 % new: stop the old instances',
    ])
    const back = linesOf(wholePlan('rollback', rolling, 2))
    expect(back[0]).toMatch(/^fleets/)
    const judged = linesOf(wholePlan('deploy', { ...settings(canary), ...how }, 3))
    expect(judged.filter((line) => line.startsWith('task'))).toEqual([
      'task    3+0 run, 0 % new: migrate the data',
      'task    3+3 run, 0 % new: smoke check before any request',
      'task    3+3 run, 100 % new: smoke check with all requests',
    ])
  })

  it('says no more time than its stages are given', () => {
    const own = { ...canary, shares: [0.02, 0.2], stageAtMostMs: 20_000 }
    const plan = planFrom(own, { seconds: 10, requests: 2, failures: 0 })
    expect(plan.shortestSeconds).toBe(40)
    expect(plan.sentence).toMatch(/^2 %, 20 % of the requests, 40 s at least/)
  })

  it('of a first release, and of a way back, asks no judge', () => {
    for (const stages of [
      wholePlan('deploy', settings(canary), 0),
      wholePlan('rollback', settings(canary), 3),
    ])
      expect(stages.map((stage) => stage.do)).not.toContain('plan')
  })
})

const anyStrategy = fc.constantFrom<StrategySettings>(
  { is: 'rolling', surge: 1 },
  { is: 'rolling', surge: 4 },
  { is: 'blueGreen' },
  canary,
  { ...canary, shares: [0.01, 0.1, 0.5] },
)

const anyPlan = fc
  .record({
    strategy: anyStrategy,
    from: fc.integer({ min: 0, max: 9 }),
    to: fc.integer({ min: 1, max: 9 }),
    bakeMs: fc.constantFrom(0, 5_000),
    perSecond: fc.constantFrom(0, 0.2, 5, 50, 5_000),
    kind: fc.constantFrom<DeploymentKind>('deploy', 'rollback'),
  })
  .map(({ strategy, from, to, bakeMs, perSecond, kind }) => ({
    ...{ from, to, strategy },
    stages: wholePlan(kind, settings(strategy, to, bakeMs), from, perSecond),
  }))

describe('every plan', () => {
  it('never serves with fewer instances than the live version has, before the end', () => {
    fc.assert(
      fc.property(anyPlan, ({ stages, from, to }) => {
        for (const { serving } of stages)
          expect(serving.from + serving.to).toBeGreaterThanOrEqual(Math.min(from, to))
      }),
    )
  })

  it('but a rolling one keeps the live version whole until the new one has everything', () => {
    fc.assert(
      fc.property(
        anyPlan.filter(({ strategy }) => strategy.is !== 'rolling'),
        ({ stages, from, to }) => {
          for (const { sizes } of stages.slice(0, -1)) expect(sizes.from).toBe(from)
          const last = stages.at(-1)
          expect(last && weightsIn(last)).toEqual({ from: 0, to })
        },
      ),
    )
  })

  it('ends with the new fleet alone and whole', () => {
    fc.assert(
      fc.property(anyPlan, ({ stages, to }) => {
        expect(stages.at(-1)).toMatchObject({ sizes: { from: 0, to }, serving: { from: 0, to } })
      }),
    )
  })

  it('sends requests only to instances that run and that the gateway was seen to watch', () => {
    fc.assert(
      fc.property(anyPlan, ({ stages }) => {
        let watched = 0
        for (const stage of stages) {
          const { from, to } = weightsIn(stage)
          if (from > 0) expect(stage.sizes.from).toBeGreaterThanOrEqual(1)
          if (to > 0) expect(stage.serving.to).toBeGreaterThanOrEqual(1)
          expect(stage.serving.to).toBeLessThanOrEqual(watched)
          if (stage.do === 'traffic') watched = stage.sizes.to
        }
      }),
    )
  })

  it('gives the new fleet more and more of the requests, and all only at the end', () => {
    fc.assert(
      fc.property(anyPlan, ({ stages }) => {
        const shares = stages.map(weightsIn).map(({ from, to }) => (from + to > 0 ? to / (from + to) : 0))
        expect([...shares].sort((a, b) => a - b)).toEqual(shares)
      }),
    )
  })

  it('can turn back from each stage: all requests to the live version at once, as soon as it is whole', () => {
    fc.assert(
      fc.property(anyPlan, ({ stages, from, strategy }) => {
        for (const stage of stages) {
          const back = planUndo(settings(strategy), stage, from)
          expect(back.at(-1)).toMatchObject({ sizes: { from, to: 0 }, serving: { from, to: 0 } })
          if (strategy.is !== 'rolling' && stage.sizes.from === from && from > 0)
            expect(back[0]?.do).toBe('traffic')
        }
      }),
    )
  })
})
