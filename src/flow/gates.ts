import type { DeploymentState, GateSeen } from '../deploy/index.ts'
import { type Gate, inconclusive } from '../kernel/index.ts'
import { testsGate } from '../pipeline/index.ts'
import type { World } from './world.ts'

/** Every gate that there is. A gate's configuration comes with the environment's; none needs any yet. */
const gates: readonly Gate<undefined>[] = [testsGate]

export const gateNames: readonly string[] = gates.map((gate) => gate.name)

async function judge(world: World, name: string, state: DeploymentState): Promise<GateSeen> {
  const gate = gates.find((one) => one.name === name)
  if (!gate) return { name, verdict: inconclusive(`there is no gate named ${name}`) }
  const evidence = await world.evidence.about(state.release, gate.needs)
  return { name, verdict: gate.judge(undefined, evidence, world.clock.now()) }
}

/** Judges the gates of a deployment's environment on what is known of its release. */
export const judgeGates = (world: World, state: DeploymentState): Promise<GateSeen[]> =>
  Promise.all(state.settings.gates.map((name) => judge(world, name, state)))
