import {
  commandGate,
  type DeploymentState,
  driftGate,
  freezeGate,
  type GateSeen,
  type GateSettings,
  gateName,
  laneId,
  loadTestGate,
  signOffGate,
  soakGate,
  waiverOf,
} from '../deploy/index.ts'
import {
  type Awaiting,
  type Evidence,
  type Gate,
  type GateQuestion,
  type Instant,
  inconclusive,
  type Verdict,
} from '../kernel/index.ts'
import { loadLineGate } from '../load/index.ts'
import { testsGate } from '../pipeline/index.ts'
import { headroomGate } from '../predict/index.ts'
import { errorBudgetGate } from '../watch/index.ts'
import { errorBudgetGetter } from './budget-gate.ts'
import { keepCalendar } from './calendars.ts'
import { askCheck, lookAtCheck } from './checks.ts'
import { askComparison, comparisonsOf } from './comparisons.ts'
import { judgeData } from './compatible.ts'
import { headroomGetter } from './headroom-gate.ts'
import { driftGetter, loadTestGetter } from './in-step-gates.ts'
import { questionOf } from './question.ts'
import { comparisonRef, readLane } from './records.ts'
import type { Runner } from './runner.ts'
import type { World } from './world.ts'

/** The gates that need no configuration of their own: an environment names them. */
const gates: readonly Gate<undefined, Verdict | Awaiting>[] = [
  testsGate,
  loadLineGate,
  driftGate,
  loadTestGate,
]

export const gateNames: readonly string[] = [...gates, errorBudgetGate, headroomGate].map(({ name }) => name)

/** What is known beside the evidence: that some is on its way, or why there is none. */
type Beside = Partial<Pick<GateSeen, 'verdict' | 'pending' | 'source'>>

/** How evidence that a gate wants to see, and nobody has yet, is got. */
export type Getter = {
  ask(world: World, runner: Runner, question: GateQuestion, state: DeploymentState): Promise<void>
  look?(world: World, question: GateQuestion, verdict: Verdict): Promise<Beside>
  /** What it judges by, when that is not what is known of the release alone. */
  evidence?(world: World, question: GateQuestion, known: readonly Evidence[]): Promise<readonly Evidence[]>
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

const getters: Readonly<Record<string, Getter>> = {
  loadLine,
  drift: driftGetter,
  loadTest: loadTestGetter,
  errorBudget: errorBudgetGetter,
  headroom: headroomGetter,
}

/** Those of the gates that are configured have the name of their kind. */
const getterOf = (settings: GateSettings): Getter | undefined =>
  getters[typeof settings === 'string' ? settings : settings.kind]

/** A gate together with what the team configured for it. */
type Ready = {
  readonly needs: readonly string[]
  judge(question: GateQuestion, evidence: readonly Evidence[], now: Instant): Verdict | Awaiting
}

const configured = <C>(gate: Gate<C, Verdict | Awaiting>, config: C): Ready => ({
  needs: gate.needs,
  judge: (question, evidence, now) => gate.judge(config, question, evidence, now),
})

function readyGate(settings: GateSettings): Ready | undefined {
  if (typeof settings === 'string') {
    const plain = gates.find((one) => one.name === settings)
    return plain && configured(plain, undefined)
  }
  switch (settings.kind) {
    case 'freeze':
      return configured(freezeGate, settings)
    case 'signOff':
      return configured(signOffGate, settings)
    case 'soak':
      return configured(soakGate, settings)
    case 'command':
      return configured(commandGate, settings)
    case 'errorBudget':
      return configured(errorBudgetGate, settings)
    case 'headroom':
      return configured(headroomGate, settings)
  }
}

/** One that waits has no verdict yet: it is inconclusive, and what it waits for is said. */
const heard = (said: Verdict | Awaiting): Pick<GateSeen, 'verdict' | 'pending'> =>
  said.is === 'waits' ? { verdict: inconclusive(said.because), pending: said.because } : { verdict: said }

/** What is known beside the evidence. */
async function lookBeside(
  world: World,
  settings: GateSettings,
  question: GateQuestion,
  verdict: Verdict,
  state: DeploymentState,
): Promise<Beside | undefined> {
  if (typeof settings !== 'string' && settings.kind === 'command') return lookAtCheck(world, settings, state)
  return getterOf(settings)?.look?.(world, question, verdict)
}

async function judge(world: World, settings: GateSettings, state: DeploymentState): Promise<GateSeen> {
  const gate = readyGate(settings)
  const name = gateName(settings)
  if (!gate) return { name, verdict: inconclusive(`there is no gate named ${name}`) }
  const now = world.clock.now()
  const question = await questionOf(world, state)
  const known = await world.evidence.about(state.release, gate.needs)
  const evidence = (await getterOf(settings)?.evidence?.(world, question, known)) ?? known
  const said = heard(gate.judge(question, evidence, now))
  const beside = await lookBeside(world, settings, question, said.verdict, state)
  const lane = await readLane(world.journal, laneId(state.service, state.environment))
  const waiver = said.verdict.is === 'pass' ? undefined : waiverOf(lane?.waivers, name, now)
  return { name, ...said, ...(waiver ? { waiver } : {}), ...beside }
}

/** Judges the gates of a deployment's environment on what is known of its release. */
export async function judgeGates(world: World, state: DeploymentState): Promise<GateSeen[]> {
  const own = await Promise.all(state.settings.gates.map((gate) => judge(world, gate, state)))
  return [...own, ...(await judgeData(world, state))]
}

/** Gets what the gates of a deployment will want to see. Asked twice, it does nothing the second time. */
export async function askGates(world: World, runner: Runner, state: DeploymentState): Promise<void> {
  const question = await questionOf(world, state)
  for (const gate of state.settings.gates) {
    await getterOf(gate)?.ask(world, runner, question, state)
    if (typeof gate === 'string') continue
    if (gate.kind === 'freeze') await keepCalendar(world, gate, state)
    else if (gate.kind === 'command') await askCheck(world, runner, gate, state)
  }
}
