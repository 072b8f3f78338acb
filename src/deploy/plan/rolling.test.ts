import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DeploymentSettings } from './order.ts'
import { planRolling } from './rolling.ts'
import type { Stage } from './stage.ts'
import { planUndo } from './undo.ts'

const settings = { strategy: { is: 'rolling', surge: 1 }, start: {} } as unknown as DeploymentSettings

const serving = ({ serving: pair }: Stage) => pair.from + pair.to

describe('a rolling plan', () => {
  it('replaces three instances one by one', () => {
    const lines = planRolling(3, 3, 1, 0).map(
      (s) => `${s.do} ${s.sizes.from}+${s.sizes.to} run, ${s.serving.from}+${s.serving.to} serve: ${s.title}`,
    )
    expect(lines).toEqual([
      'fleets 3+1 run, 3+0 serve: start 1 new instance (1 of 3)',
      'traffic 3+1 run, 3+0 serve: the gateway sees them healthy',
      'traffic 3+1 run, 2+1 serve: 1 of 3 take requests',
      'fleets 2+2 run, 2+1 serve: stop 1 old instance, start 1 new instance (2 of 3)',
      'traffic 2+2 run, 2+1 serve: the gateway sees them healthy',
      'traffic 2+2 run, 1+2 serve: 2 of 3 take requests',
      'fleets 1+3 run, 1+2 serve: stop 1 old instance, start 1 new instance (3 of 3)',
      'traffic 1+3 run, 1+2 serve: the gateway sees them healthy',
      'traffic 1+3 run, 0+3 serve: 3 of 3 take requests',
      'fleets 0+3 run, 0+3 serve: stop the old instances',
    ])
  })

  const sizes = fc.record({
    from: fc.integer({ min: 0, max: 12 }),
    to: fc.integer({ min: 1, max: 12 }),
    surge: fc.integer({ min: 1, max: 5 }),
  })

  it('never serves with fewer instances than before, until the new size is reached', () => {
    fc.assert(
      fc.property(sizes, ({ from, to, surge }) => {
        for (const stage of planRolling(from, to, surge, 0))
          expect(serving(stage)).toBeGreaterThanOrEqual(Math.min(from, to))
      }),
    )
  })

  it('ends with the new fleet alone, and never runs more than surge above the larger size', () => {
    fc.assert(
      fc.property(sizes, fc.constantFrom(0, 1_000), ({ from, to, surge }, bakeMs) => {
        const stages = planRolling(from, to, surge, bakeMs)
        expect(stages.at(-1)).toMatchObject({ sizes: { from: 0, to }, serving: { from: 0, to } })
        for (const { sizes: run } of stages)
          expect(run.from + run.to).toBeLessThanOrEqual(Math.max(from, to) + surge)
      }),
    )
  })

  it('lets an instance serve only while it runs, and watches it before', () => {
    fc.assert(
      fc.property(sizes, ({ from, to, surge }) => {
        let watched = 0
        for (const stage of planRolling(from, to, surge, 0)) {
          expect(stage.serving.to).toBeLessThanOrEqual(stage.sizes.to)
          expect(stage.serving.from).toBeLessThanOrEqual(stage.sizes.from)
          expect(stage.serving.to).toBeLessThanOrEqual(watched)
          if (stage.do === 'traffic') watched = stage.sizes.to
        }
      }),
    )
  })

  it('can turn back from every stage to the live fleet whole, which serves before the new one goes', () => {
    fc.assert(
      fc.property(sizes, ({ from, to, surge }) => {
        for (const stage of planRolling(from, to, surge, 0)) {
          const back = planUndo(settings, stage, from)
          expect(back.at(-1)).toMatchObject({ sizes: { from, to: 0 }, serving: { from, to: 0 } })
          for (const step of back)
            expect(serving(step)).toBeGreaterThanOrEqual(Math.min(from, serving(stage)))
        }
      }),
    )
  })
})
