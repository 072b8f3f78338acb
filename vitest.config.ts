import { relative } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { pure } from './src/layers.ts'
import { compiled } from './test/support/compiled.ts'

// Before any test file's process begins: what a test starts inherits it.
Object.assign(process.env, compiled)

/**
 * What searches a load line, compares what two releases carry, or holds a measured time to the millisecond: alone on the
 * machine, or it measures the other tests.
 */
const alone = [
  'test/e2e/docker-load.test.ts',
  'test/e2e/load-gate.test.ts',
  'test/e2e/load-line-and-compare.test.ts',
  'test/load/truth.test.ts',
  'test/load/turns.test.ts',
  'src/load/service/service-watch.test.ts',
]

/**
 * What makes a little load and counts what became of it, searches a low load line, or judges a canary by its failures: most of
 * the time it waits.
 * Beside two others that keep both cores busy a generator is late; beside one that waits as well it is not.
 */
const inPairs = [
  'test/e2e/docker-canary.test.ts',
  'test/e2e/load-tests.test.ts',
  'test/e2e/load.test.ts',
  'test/e2e/squeeze.test.ts',
  'test/load/failing-*.test.ts',
  'test/load/several-addresses.test.ts',
  'test/page/canary.test.ts',
  'src/load/load-test.test.ts',
  'src/load/scenario.test.ts',
]

/**
 * What decides and does nothing has nothing to leave behind: its tests follow one another in a few processes, where what
 * one has imported the next one has, too. Simulations take long: each has a process, so that they are spread evenly.
 */
const leavesNothing = [...pure.filter((path) => path.endsWith('/')), 'web/'].map(
  (folder) => `src/${folder}**/!(*simulation).test.{ts,tsx}`,
)

/** The longest first, so that none of them is begun when the others are almost over. */
const longest = [
  'test/e2e/docker.test.ts',
  'test/e2e/crash-points.test.ts',
  'test/e2e/try.test.ts',
  'test/sim/life.test.ts',
  'test/sim/deployments.test.ts',
  'test/page/page.test.ts',
  'test/e2e/measuring-killed.test.ts',
  'test/e2e/measuring-on-demand.test.ts',
  'test/page/load-test.test.ts',
  'test/sim/guests.test.ts',
  'test/page/canary.test.ts',
  'test/e2e/docker-canary.test.ts',
  'test/load/failing-targets.test.ts',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number => {
      const file = relative(import.meta.dirname, moduleId)
      const place = longest.indexOf(file)
      return place >= 0 ? place : longest.length + (file.startsWith('test/') ? 0 : 1)
    }
    return [...(await super.sort(files))].sort((a, b) => placeOf(a) - placeOf(b))
  }
}

const common = { pool: 'forks', testTimeout: 60_000, hookTimeout: 120_000 } as const

export default defineConfig({
  test: {
    // What a test prints is a measurement to be read; the rest is noise.
    silent: false,
    // As our commands run: by Node itself, with what was compiled kept. Vite's module runner needs three times as long.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...common,
          name: 'pure',
          include: leavesNothing,
          isolate: false,
          maxWorkers: 4,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'beside',
          include: ['{src,scripts,test}/**/*.test.{ts,tsx}'],
          exclude: [...alone, ...inPairs, ...leavesNothing],
          // Most of them wait for processes that they have started, and use half a core: four keep two cores busy.
          maxWorkers: 4,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'in pairs',
          include: inPairs,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...common,
          name: 'alone',
          include: alone,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
