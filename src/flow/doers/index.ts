import type { Runner } from '../runner.ts'
import type { Doer } from '../story.ts'
import type { World } from '../world.ts'
import { checkDoers } from './check.ts'
import { comparisonDoers } from './comparison.ts'
import { deploymentDoers } from './deployment.ts'
import { fleetDoers } from './fleet.ts'
import { loadTestDoers } from './load-test.ts'
import { notifierDoers } from './notifier.ts'
import { runDoers } from './run.ts'
import { spikeDoers } from './spike.ts'
import { squeezeDoers } from './squeeze.ts'

/** Kind of effect → who does it. The runner is asked for late: it needs the doers to be made. */
export const allDoers = (
  world: World,
  runner: () => Runner,
  owner: string,
): Readonly<Record<string, Doer>> => ({
  ...runDoers(world, runner),
  ...fleetDoers(world, runner),
  ...deploymentDoers(world, runner),
  ...comparisonDoers(world),
  ...spikeDoers(world, runner),
  ...loadTestDoers(world, runner),
  ...squeezeDoers(world, owner),
  ...checkDoers(world),
  ...notifierDoers(world),
})
