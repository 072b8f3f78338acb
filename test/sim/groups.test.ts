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

/** Holds up whoever passes while it is shut. */
function createGate() {
  let open = () => {}
  let passing: Promise<void> = Promise.resolve()
  return {
    pass: () => passing,
    shut() {
      passing = new Promise((resolve) => {
        open = resolve
      })
    },
    open: () => open(),
  }
}

it('a group that begins while the list is on its way is not ended for what the list did not show yet', async () => {
  const clock = createVirtualClock()
  const { engine, book, alive } = simulateEngine(clock, () => ({ healthyAfterMs: 0 }))
  const [list, start] = [createGate(), createGate()]
  const groups = createGroups({
    engine: {
      ...engine,
      async list(label) {
        const seen = await engine.list(label)
        await list.pass()
        return seen
      },
      async start(id) {
        await start.pass()
        await engine.start(id)
      },
    },
    book,
    secrets: { write: async () => undefined, remove: async () => {} },
    openOutput: () => ({ pump() {}, say() {}, finish: async () => 0, leave() {} }),
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
  list.shut()
  start.shut()
  const begun = groups.start('fleet/b/0/1', spec)
  // The next look is on its way, and shows a container of it that was made and not started.
  await pass(300)
  start.open()
  await begun
  list.open()
  await pass(2_000)
  expect(await groups.find('fleet/b/0/1')).toBe('running')
  expect(alive()).toHaveLength(4)
  void groups.close()
})
