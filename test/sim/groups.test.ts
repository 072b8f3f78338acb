import { expect, it } from 'vitest'
import { createGroups } from '../../src/engine/groups.ts'
import type { GroupSpec } from '../../src/engine/index.ts'
import { simulateEngine } from './engine-world.ts'
import { createVirtualClock } from './virtual-clock.ts'

const container = (name: string) => ({
  ...{ name, image: 'sha256:1' as const, env: {}, secrets: {}, mounts: [] },
  ...{ writable: false, capabilities: [], essential: true },
})

const spec: GroupSpec = {
  ...{ containers: [container('app'), container('proxy')], secrets: [], graceMs: 100 },
  log: { maxBytes: 1, rotate: true },
}

it('a group that begins while the list is on its way is not ended for what the list did not show yet', async () => {
  const clock = createVirtualClock()
  const { engine, book, alive } = simulateEngine(clock, () => ({ healthyAfterMs: 0 }))
  let letGo = () => {}
  let hold: Promise<void> | undefined
  const groups = createGroups({
    engine: {
      ...engine,
      async list(label) {
        const seen = await engine.list(label)
        await hold
        return seen
      },
    },
    book,
    secrets: { write: async () => undefined, remove: async () => {} },
    openOutput: () => ({ pump() {}, finish: async () => 0, leave() {} }),
    clock,
    home: 'sim',
  })
  const pass = (durationMs: number) => {
    const end = clock.now() + durationMs
    clock.at(end, () => {})
    return clock.runUntil(() => clock.now() >= end, Number.POSITIVE_INFINITY)
  }
  await groups.start('fleet/a/0/1', spec)
  await pass(1_000)
  hold = new Promise((resolve) => {
    letGo = resolve
  })
  // The next look is on its way, and shows nothing of what starts now.
  await pass(300)
  await groups.start('fleet/b/0/1', spec)
  letGo()
  hold = undefined
  await pass(2_000)
  expect(await groups.find('fleet/b/0/1')).toBe('running')
  expect(alive()).toHaveLength(4)
  void groups.close()
})
