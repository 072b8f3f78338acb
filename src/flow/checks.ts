import {
  type CheckState,
  type CommandGateSettings,
  checkKind,
  type DeploymentState,
  firstOf,
  type GateSeen,
} from '../deploy/index.ts'
import { type Digest, type Evidence, inconclusive, type Json } from '../kernel/index.ts'
import { checkRef, readCheck } from './records.ts'
import type { Runner } from './runner.ts'
import type { World } from './world.ts'

const checkId = (deployment: string, gate: string, turn: number): string => `${deployment}.${gate}.${turn}`

/** The last time that a gate asked about a deployment: at most once in each of its turns. */
async function lastCheck(
  { journal }: World,
  { id, asked }: DeploymentState,
  gate: string,
): Promise<CheckState | undefined> {
  for (let turn = asked?.turn ?? 1; turn > 0; turn--) {
    const found = await readCheck(journal, checkId(id, gate, turn))
    if (found) return found
  }
  return undefined
}

const stillCounts = ({ phase, answer }: CheckState, { expires }: CommandGateSettings, now: number): boolean =>
  phase !== 'ended' || (answer !== undefined && now - answer.endedAt < expires)

/** Asks, unless that goes on or its answer still counts. Told twice, it does nothing the second time. */
export async function askCheck(
  world: World,
  runner: Runner,
  gate: CommandGateSettings,
  state: DeploymentState,
): Promise<void> {
  const now = world.clock.now()
  const last = await lastCheck(world, state, gate.name)
  if (last && stillCounts(last, gate, now)) return
  const { id: deployment, service, environment, release, asked } = state
  const first: CheckState = {
    id: checkId(deployment, gate.name, asked?.turn ?? 1),
    gate: gate.name,
    deployment,
    service,
    environment,
    release,
    command: { run: gate.run, timeoutMs: gate.timeout, env: gate.env },
    askedAt: now,
    phase: 'asking',
  }
  await runner.create(checkRef(first.id), first as unknown as Json, firstOf(first))
}

/** What is known beside the evidence: that the answer is on its way, and where it comes from. */
export async function lookAtCheck(
  world: World,
  gate: CommandGateSettings,
  state: DeploymentState,
): Promise<Partial<Pick<GateSeen, 'pending' | 'source' | 'verdict'>>> {
  const last = await lastCheck(world, state, gate.name)
  if (!last) return {}
  const source = checkRef(last.id)
  if (last.phase === 'ended') return { source }
  // What it said before counts no more than what it is about to say.
  const pending = 'it is being asked'
  return { source, pending, verdict: inconclusive(pending) }
}

/** The evidence that a check has left. */
export async function keptOf(world: World, { id, release }: CheckState): Promise<Digest | undefined> {
  const known: readonly Evidence[] = await world.evidence.about(release, [checkKind])
  return known.find(({ body }) => (body as { check?: string }).check === id)?.id
}
