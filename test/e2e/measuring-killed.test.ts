import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Measuring, startMeasuring } from '../support/measuring.ts'
import type { Stage } from '../support/stage.ts'
import { deploymentEnds } from '../support/story.ts'

let measuring: Measuring
let stage: Stage
/** Load tests so far. */
let tests = 1

beforeAll(async () => {
  measuring = await startMeasuring("{ min: 5, max: 6, trial: '1s', budget: '24s' }")
  stage = measuring.stage
  await deploymentEnds(stage, await measuring.push(), 'perf')
  await measuring.ends(tests)
  await measuring.asleep()
}, 120_000)

afterAll(async () => {
  await stage?.close()
})

describe('a load test on demand', { timeout: 150_000 }, () => {
  // Every point is tried in the simulator; these are tried for real, in the order in which a load test comes to them.
  it.each([
    [['commands.start:after', 'loadTests.start:after', 'evidence.put:before']],
    [['gateways.apply:after', 'loadTests.tidy:before']],
  ])('with kill -9 at %j is measured, and its environment asleep again', async (points) => {
    await measuring.killing.arm(...points)
    tests += 1
    const reason = `killed at ${points.join(', ')}`
    const asked = await stage.plimsoll('load', 'test', 'perf', '--reason', reason, '--no-wait')
    expect(asked).toBe(`hello.perf.test-${tests} was accepted: perf of hello is measured when its turn comes`)
    const view = await measuring.ends(tests)
    await measuring.killing.reached()
    // A machine that is busy with other things may leave it untold; that is found out, and kept, too.
    expect(view.text).toMatch(/^(carries at least|its load line could not be told)/)
    expect(view).toMatchObject({
      counts: true,
      cause: 'person',
      reason,
      evidence: expect.any(String),
    })
    expect(measuring.done().slice(-4)).toEqual(['wake', 'clean', 'seed', 'rest'])
    await measuring.asleep()
  })
})
