import { type DeploymentState, type GateSeen, laneId, waiverOf } from '../deploy/index.ts'
import { type Gate, type GateQuestion, inconclusive, type Verdict } from '../kernel/index.ts'
import { loadLineGate } from '../load/index.ts'
import { testsGate } from '../pipeline/index.ts'
import { askComparison, comparisonsOf } from './comparisons.ts'
import { comparisonRef, readLane } from './records.ts'
import type { Runner } from './runner.ts'
import type { World } from './world.ts'

/** Every gate that there is. A gate's configuration comes with the environment's; none needs any yet. */
const gates: readonly Gate<undefined>[] = [testsGate, loadLineGate]

export const gateNames: readonly string[] = gates.map((gate) => gate.name)

/** What is known beside the evidence: that some is on its way, or why there is none. */
type Beside = Partial<Pick<GateSeen, 'verdict' | 'pending' | 'source'>>

/** How evidence that a gate wants to see, and nobody has yet, is got. */
type Getter = {
  ask(world: World, runner: Runner, question: GateQuestion, state: DeploymentState): Promise<void>
  look(world: World, question: GateQuestion, verdict: Verdict): Promise<Beside>
}

/** A person who asks again is not content with what could not be told before. */
const againSince = ({ actor, requestedAt }: DeploymentState): number | undefined =>
  actor === 'plimsoll' ? undefined : requestedAt

const loadLine: Getter = {
  ask: (world, runner, question, state) => {
    const since = againSince(state)
    const wish = { question, actor: state.actor, ...(since === undefined ? {} : { againSince: since }) }
    return askComparison(world, runner, wish)
  },
  async look(world, question, verdict) {
    const last = (await comparisonsOf(world, question)).at(-1)
    if (!last) return verdict.is === 'inconclusive' ? { pending: 'it is about to be measured' } : {}
    const source = comparisonRef(last.id)
    if (verdict.is !== 'inconclusive') return { source }
    if (last.phase !== 'ended') return { source, pending: last.text }
    return last.evidence ? { source } : { source, verdict: { is: 'inconclusive', reasons: last.reasons } }
  },
}

const getters: Readonly<Record<string, Getter>> = { loadLine }

async function questionOf(world: World, state: DeploymentState): Promise<GateQuestion> {
  const { service, environment, release } = state
  const lane = await readLane(world.journal, laneId(service, environment))
  return { service, environment, release, ...(lane?.live ? { live: lane.live.release } : {}) }
}

async function judge(world: World, name: string, state: DeploymentState): Promise<GateSeen> {
  const gate = gates.find((one) => one.name === name)
  if (!gate) return { name, verdict: inconclusive(`there is no gate named ${name}`) }
  const now = world.clock.now()
  const question = await questionOf(world, state)
  const evidence = await world.evidence.about(state.release, gate.needs)
  const verdict = gate.judge(undefined, question, evidence, now)
  const beside = await getters[name]?.look(world, question, verdict)
  const lane = await readLane(world.journal, laneId(state.service, state.environment))
  const waiver = verdict.is === 'pass' ? undefined : waiverOf(lane?.waivers, name, now)
  return { name, verdict, ...(waiver ? { waiver } : {}), ...beside }
}

/** Judges the gates of a deployment's environment on what is known of its release. */
export const judgeGates = (world: World, state: DeploymentState): Promise<GateSeen[]> =>
  Promise.all(state.settings.gates.map((name) => judge(world, name, state)))

/** Gets what the gates of a deployment will want to see. Asked twice, it does nothing the second time. */
export async function askGates(world: World, runner: Runner, state: DeploymentState): Promise<void> {
  const question = await questionOf(world, state)
  for (const name of state.settings.gates) await getters[name]?.ask(world, runner, question, state)
}
