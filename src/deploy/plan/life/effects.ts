import type { Effect, Json, Key } from '../../../kernel/index.ts'
import { laneId } from '../lane-state.ts'
import type { TaskSettings } from '../order.ts'
import { taskVariables } from '../tasks.ts'
import { absoluteEvidence } from './evidence.ts'
import { revisionOf } from './settled.ts'
import type { LifeState } from './state.ts'
import { measuredParty, nameOf, type Party, partyOf, type Step, taskOf } from './steps.ts'

/** From TERM to KILL of a command. */
const graceMs = 10_000

/** Key of a command, or of what measures: `loadTest/ID/seed/1`. */
export const workKey = ({ id, tries }: Pick<LifeState, 'id' | 'tries'>, step: Step): Key =>
  `loadTest/${id}/${nameOf(step)}/${tries}`

/** Key of the command that is to run now, if any. */
export function commandAt(state: LifeState | undefined): Key | undefined {
  const step = state?.phase === 'ended' ? undefined : state?.steps[state.at]
  return state && step?.do === 'command' ? workKey(state, step) : undefined
}

function commandSpec(state: LifeState, step: Step): Json {
  const { service, environment } = state
  const { release, fleet, deployed } = partyOf(state, step)
  const task = taskOf(state, step)
  return {
    ...task,
    graceMs,
    release,
    fleet,
    gatewayPort: null,
    env: { ...deployed?.start.env, ...task?.env, SERVICE: service, ENVIRONMENT: environment },
    dataFolder: deployed?.start.dataFolder ?? null,
    ...(deployed?.start.target ? { target: deployed.start.target } : {}),
  } as unknown as Json
}

/** Variables of the command of a step. */
export const commandEnv = (state: LifeState, step: Step): readonly TaskSettings['env'][] => [
  partyOf(state, step).deployed?.start.env ?? {},
  taskOf(state, step)?.env ?? {},
]

/** Variables of all commands that belong to one, and of what measures. */
export const lifeVariables = ({ deployed, guest, settings }: LifeState): readonly TaskSettings['env'][] => {
  const { wake, rest, clean, seed, test } = settings
  const measured = (test as { env?: TaskSettings['env'] } | undefined)?.env
  const parties = [deployed, guest?.deployed].flatMap((one) => (one ? taskVariables(one) : []))
  return [...parties, measured ?? {}, ...[wake, rest, clean, seed].map((task) => task?.env ?? {})]
}

function table(state: LifeState, serving: number, { fleet, deployed }: Party): Json {
  const { service, environment } = state
  return {
    environment: laneId(service, environment),
    // Of the environment, whoever is measured in it.
    port: state.deployed?.port,
    requestTimeoutMs: deployed?.requestTimeoutMs,
    ...(deployed?.routes === undefined ? {} : { routes: deployed.routes }),
    ...(deployed?.gateway === undefined ? {} : { gateway: deployed.gateway }),
    healthPath: deployed?.start.healthPath,
    fleets: serving === 0 ? [] : [{ fleet, weight: 1, serving }],
    revision: revisionOf(state),
    fence: state.fence,
  } as unknown as Json
}

const testSpec = (state: LifeState): Json =>
  ({
    id: state.id,
    release: measuredParty(state).release,
    fleet: measuredParty(state).fleet,
    url: `http://127.0.0.1:${state.deployed?.port}`,
    test: state.settings.test,
  }) as unknown as Json

/** So many instances of whom the step is about; a guest has none before it is brought. */
function sizeEffect(state: LifeState, step: Step, key: string, size: number): Effect {
  const { service, environment, fence = 0 } = state
  const { release, fleet, deployed } = partyOf(state, step)
  if (size === 0 || fleet !== state.id)
    return { kind: 'fleet.resize', key, spec: { fleet: fleet ?? '', size, fence } }
  const want = { fleet, service, environment, release, size, start: deployed?.start }
  return { kind: 'fleet.apply', key, spec: { want, fence } as unknown as Json }
}

/** Deployments come in again, and find so many instances, and the data of whoever was the last to change them. */
function thaw({ id, settings, live, deployed, dataOf, dataLeft }: LifeState): Json {
  const size = settings.asleep ? 0 : (deployed?.instances ?? 0)
  const schema = dataOf && dataLeft ? { schema: { release: dataOf, whole: false } } : {}
  return { is: 'thaw', test: id, ...(live ? { size } : {}), ...schema }
}

/** What a step wants done; each is idempotent by its key. */
export function effectsOf(state: LifeState, step: Step): Effect[] {
  const { id, service, environment, settings } = state
  const lane = laneId(service, environment)
  const key = `loadTest/${id}/${state.at}/${step.do}`
  const party = partyOf(state, step)
  const size = party.deployed?.instances ?? 0
  switch (step.do) {
    case 'freeze': {
      const reason = settings.test === undefined ? 'is put to sleep' : 'its load line is measured'
      const command = { is: 'freeze', test: id, owner: `load test ${id}`, reason }
      return [{ kind: 'lane.tell', key, spec: { lane, command } }]
    }
    case 'command':
      return [{ kind: 'task.start', key: workKey(state, step), spec: commandSpec(state, step) }]
    case 'start':
      return [sizeEffect(state, step, key, size)]
    case 'stop':
      return [sizeEffect(state, step, key, 0)]
    case 'open':
      return [{ kind: 'traffic.apply', key, spec: table(state, size, party) }]
    case 'close':
      return [{ kind: 'traffic.apply', key, spec: table(state, 0, party) }]
    case 'test':
      return [{ kind: 'loadTest.start', key: workKey(state, step), spec: testSpec(state) }]
    case 'keep':
      return [{ kind: 'evidence.keep', key, spec: absoluteEvidence(state) as unknown as Json }]
    case 'thaw':
      return [{ kind: 'lane.tell', key, spec: { lane, command: thaw(state) } }]
  }
}

/** Ends the command, or what measures, of the present step. */
export function cancelEffects(state: LifeState): Effect[] {
  const step = state.steps[state.at]
  if (step?.do !== 'command' && step?.do !== 'test') return []
  const key = workKey(state, step)
  const kind = step.do === 'test' ? 'loadTest.cancel' : 'command.cancel'
  return [{ kind, key: `${key}/cancel`, spec: { key, graceMs } }]
}

/** What is left to do once it is over: nobody needs its folders, nor a pipeline that goes on for it alone. */
export function leaveEffects({ id, change, guest, cancelledBy, reasons }: LifeState): Effect[] {
  const own = `loadTest/${id}`
  const by = cancelledBy ?? reasons.at(-1)?.text ?? 'plimsoll'
  return [
    ...(change && !guest
      ? [{ kind: 'loadTest.giveUp', key: `${own}/giveUp`, spec: { run: change.run, by } }]
      : []),
    { kind: 'loadTest.tidy', key: `${own}/tidy`, spec: { id } },
    ...(change?.kept ? [{ kind: 'loadTest.drop', key: `${own}/drop`, spec: change.kept }] : []),
  ]
}
