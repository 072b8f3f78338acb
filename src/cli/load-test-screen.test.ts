import { expect, it } from 'vitest'
import type { LoadTestPlan } from '../contract/index.ts'
import { memoryScreen } from './commands/screen.fixture.ts'
import { renderLoadTestPlan } from './load-test-screen.ts'

const named = (short: string) => ({
  digest: `sha256:${short}` as const,
  short,
  commit: 'c0ffee',
  subject: 'Pay faster',
  author: 'Ada',
  builtAt: 1,
})
const plan: LoadTestPlan = {
  ...{ schemaVersion: 1, service: 'payments', environment: 'perf' },
  starts: { release: named('4c1d0e5a9b7f'), text: '2 instances of 1 CPU and 512 MiB' },
  instead: { release: named('4c1d0e5a9b7f'), text: '2 instances of 0.5 CPUs and 256 MiB' },
  steps: ['freeze deployments', 'bring the release'],
  ...{ search: 'between 10/s and 900/s, within p99<250ms', budgetMs: 480_000, cost: '0.12 GBP' },
  notes: ['it waits for payments.perf.test-3'],
  reasons: [],
}
const said = (more: Partial<LoadTestPlan> = {}): string =>
  renderLoadTestPlan({ ...plan, ...more }, memoryScreen())

it('says what would be started, in whose place, for how long, what it costs and what it waits for', () => {
  expect(said()).toBe(`4c1d0e5a9b7f would be measured in perf of payments: 2 instances of 1 CPU and 512 MiB
  4c1d0e5a9b7f comes back: 2 instances of 0.5 CPUs and 256 MiB
  its load line is searched between 10/s and 900/s, within p99<250ms
  searching takes 8 m 00 s at most: 0.12 GBP for its instances
  freeze deployments; bring the release
  it waits for payments.perf.test-3
`)
})

it('says what speaks against it, and leaves out what nobody knows', () => {
  const { cost: _, ...free } = plan
  const text = renderLoadTestPlan(
    { ...free, notes: [], reasons: [{ text: 'nothing runs in perf' }] },
    memoryScreen(),
  )
  expect(text).toMatch(/searching takes 8 m 00 s at most\n/)
  expect(text).toMatch(/nothing runs in perf\n$/)
  expect(said({ builds: 'larger-pool' })).toMatch(
    /^what the pipeline builds of larger-pool would be measured/,
  )
  // As it is, nothing comes back.
  expect(said({ starts: plan.instead })).not.toContain('comes back')
})
