import type { Effect, Json, Key } from '../../../kernel/index.ts'
import { laneId } from '../lane-state.ts'
import type { TaskSettings } from '../order.ts'
import { absoluteEvidence } from './evidence.ts'
import { revisionOf } from './settled.ts'
import type { LifeState } from './state.ts'
import type { Step } from './steps.ts'

/** From TERM to KILL of a command. */
const graceMs = 10_000

/** Key of a command, or of what measures: `loadTest/ID/seed/1`. */
export const workKey = ({ id, tries }: Pick<LifeState, 'id' | 'tries'>, step: Step): Key =>
  `loadTest/${id}/${step.do === 'command' ? step.command : step.do}/${tries}`

/** Key of the command that is to run now, if any. */
export function commandAt(state: LifeState | undefined): Key | undefined {
  const step = state?.phase === 'ended' ? undefined : state?.steps[state.at]
  return state && step?.do === 'command' ? workKey(state, step) : undefined
}

function commandSpec(state: LifeState, step: Extract<Step, { do: 'command' }>): Json {
  const { service, environment, live, deployed, settings } = state
  const task = settings[step.command]
  return {
    ...task,
    graceMs,
    release: live?.release,
    fleet: live?.fleet,
    gatewayPort: null,
    env: { ...deployed?.start.env, ...task?.env, SERVICE: service, ENVIRONMENT: environment },
    dataFolder: deployed?.start.dataFolder ?? null,
    ...(deployed?.start.target ? { target: deployed.start.target } : {}),
  } as unknown as Json
}

/** Variables of all commands that belong to one, and of what measures. */
export const lifeVariables = ({ deployed, settings }: LifeState): readonly TaskSettings['env'][] => {
  const { wake, rest, clean, seed, test } = settings
  const measured = (test as { env?: TaskSettings['env'] } | undefined)?.env
  return [
    deployed?.start.env ?? {},
    measured ?? {},
    ...[wake, rest, clean, seed].map((task) => task?.env ?? {}),
  ]
}

function table(state: LifeState, serving: number): Json {
  const { service, environment, live, deployed } = state
  return {
    environment: laneId(service, environment),
    port: deployed?.port,
    requestTimeoutMs: deployed?.requestTimeoutMs,
    healthPath: deployed?.start.healthPath,
    fleets: serving === 0 ? [] : [{ fleet: live?.fleet, weight: 1, serving }],
    revision: revisionOf(state),
    fence: state.fence,
  } as unknown as Json
}

const testSpec = ({ id, live, deployed, settings }: LifeState): Json =>
  ({
    id,
    release: live?.release,
    url: `http://127.0.0.1:${deployed?.port}`,
    test: settings.test,
  }) as unknown as Json

/** What a step wants done; each is idempotent by its key. */
export function effectsOf(state: LifeState, step: Step): Effect[] {
  const { id, service, environment, live, deployed, fence, settings } = state
  const lane = laneId(service, environment)
  const key = `loadTest/${id}/${state.at}/${step.do}`
  const size = deployed?.instances ?? 0
  const resize = (wanted: number) => [
    { kind: 'fleet.resize', key, spec: { fleet: live?.fleet ?? '', size: wanted, fence: fence ?? 0 } },
  ]
  switch (step.do) {
    case 'freeze': {
      const reason = settings.test === undefined ? 'is put to sleep' : 'its load line is measured'
      const command = { is: 'freeze', test: id, owner: `load test ${id}`, reason }
      return [{ kind: 'lane.tell', key, spec: { lane, command } }]
    }
    case 'command':
      return [{ kind: 'task.start', key: workKey(state, step), spec: commandSpec(state, step) }]
    case 'start':
      return resize(size)
    case 'stop':
      return resize(0)
    case 'open':
      return [{ kind: 'traffic.apply', key, spec: table(state, size) }]
    case 'close':
      return [{ kind: 'traffic.apply', key, spec: table(state, 0) }]
    case 'test':
      return [{ kind: 'loadTest.start', key: workKey(state, step), spec: testSpec(state) }]
    case 'keep':
      return [{ kind: 'evidence.keep', key, spec: absoluteEvidence(state) as unknown as Json }]
    case 'thaw': {
      const left = live ? { size: settings.asleep ? 0 : size } : {}
      return [{ kind: 'lane.tell', key, spec: { lane, command: { is: 'thaw', test: id, ...left } } }]
    }
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
