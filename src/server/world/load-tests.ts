import { join } from 'node:path'
import { dropRef } from '../../changes/index.ts'
import type { LoadTests } from '../../flow/world.ts'
import type { LineJobSpec, LineTestEnd, LineTestProgress, LineTestStart } from '../../load/index.ts'
import { filesOf, unpackBundle } from '../../pipeline/index.ts'
import { createLoadJobs, type Deps } from './load-jobs.ts'

/** Beyond its budget: beginning, and a last trial that was begun in time. */
const marginMs = 120_000

/** Undefined when none of the instances runs in any. */
async function containersOf({ commands }: Deps, { instances }: LineTestStart) {
  const all = await Promise.all(instances.map((key) => commands.containerProcesses(key)))
  return all.every((one) => one === undefined) ? undefined : all.flatMap((one) => one ?? [])
}

async function specOf(deps: Deps, start: LineTestStart, folder: string): Promise<LineJobSpec> {
  const { release, url, test } = start
  const { scenario, env: _, ...settings } = test
  const containers = await containersOf(deps, start)
  return {
    ...settings,
    ...(containers ? { containers } : {}),
    url,
    ...(scenario === undefined ? {} : { scenario: join(folder, 'release', scenario) }),
    sends: scenario ?? test.path,
    seed: Number.parseInt(release.slice(-8), 16),
  }
}

/** Load tests of environments as commands of this machine, each with the scenario of the release that it measures. */
export const createLoadTests = (deps: Deps): LoadTests => ({
  ...createLoadJobs<LineTestStart, LineTestEnd, LineTestProgress>(deps, {
    kind: 'loadTest',
    program: 'line-job/main',
    under: (...program) => program,
    async layOut(start, folder) {
      if (start.test.scenario !== undefined)
        await unpackBundle(deps.blobs, await filesOf(deps.blobs, start.release), join(folder, 'release'))
      return {
        spec: await specOf(deps, start, folder),
        env: start.test.env,
        timeoutMs: start.test.budgetMs + marginMs,
      }
    },
  }),
  drop: ({ repository, ref }) => dropRef(repository, ref),
})
