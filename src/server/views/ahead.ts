import type { AheadView } from '../../contract/index.ts'
import { passageThrough, type Stage } from '../../deploy/index.ts'
import type { Ahead } from '../../flow/ahead.ts'
import { secretsProblemOf } from '../../flow/environment-variables.ts'
import type { World } from '../../flow/world.ts'
import { formatDuration } from '../../kernel/index.ts'
import { gateView } from './deployment.ts'
import { planView } from './judge.ts'
import { nameRelease } from './releases.ts'

const words = {
  rolling: 'by a rolling deployment',
  blueGreen: 'by blue-green',
  canary: 'by a canary',
} as const

function passageOf({ state }: Ahead): AheadView['passage'] {
  const passage = passageThrough(state.gates)
  switch (passage.is) {
    case 'open':
      return { is: 'open' }
    case 'waits':
      return { is: 'waits', because: passage.because }
    case 'refused':
      return { is: passage.standing, because: passage.reasons.map(({ text }) => text).join('; ') }
  }
}

/** Who is in the way. */
function queueNotes({ lane }: Ahead): string[] {
  const { holder, queue = [] } = lane ?? {}
  const held = holder ? [`it waits until ${holder.owner} lets go of the environment (${holder.reason})`] : []
  return queue.length > 0 ? [...held, `${queue.length} wait before it`] : held
}

function releaseNotes({ state, lane }: Ahead): string[] {
  const rejectedBy = lane?.rejected[state.release]
  return [
    ...(lane?.live?.release === state.release ? ['this release runs there already'] : []),
    ...(rejectedBy === undefined ? [] : [`this release was rolled back there before, by ${rejectedBy}`]),
  ]
}

/** A secret without a value keeps an instance from starting: that is better known before than when it is ordered. */
async function secretNotes(world: World, { state }: Ahead): Promise<string[]> {
  const problem = await secretsProblemOf(world, state)
  return problem === undefined ? [] : [`it would not start: ${problem}`]
}

function canaryNotes({ state, lane, plan, lately }: Ahead): string[] {
  if (state.settings.strategy.is !== 'canary') return []
  if (!lane?.live) return ['nothing runs there yet: there is nothing to judge it beside']
  if (state.kind === 'rollback' || plan) return []
  const seen = lately
    ? `nobody asked the live version in the last ${formatDuration(lately.seconds * 1_000)}`
    : 'the traffic has not been measured yet'
  return [
    `${seen}: its stages are planned when the new instances run, and without requests it cannot be judged`,
  ]
}

function trafficOf({ lately }: Ahead): AheadView['traffic'] {
  if (!lately) return undefined
  const { seconds, requests, failures } = lately
  return {
    seconds,
    requestsPerSecond: requests / seconds,
    errorRatio: requests > 0 ? failures / requests : null,
  }
}

const stageView =
  ({ state }: Ahead) =>
  ({ title, share, task }: Stage): AheadView['stages'][number] => {
    const command = task && state.settings[task]?.run
    return {
      title,
      ...(share === undefined ? {} : { share }),
      ...(command === undefined ? {} : { command }),
    }
  }

function effectOf({ state, lane }: Ahead, what: string, turns: string | undefined): string {
  const { environment, service, kind, settings } = state
  const where = `${environment} of ${service}`
  if (turns !== undefined) return `${turns} would be turned round, and ${what} would leave ${where}`
  // Neither a way back nor a first release is judged.
  const straight = settings.strategy.is === 'canary' && (kind === 'rollback' || !lane?.live)
  return `${what} would run in ${where}, ${words[straight ? 'blueGreen' : settings.strategy.is]}`
}

const notesOf = async (world: World, ahead: Ahead): Promise<string[]> => [
  ...releaseNotes(ahead),
  ...(await secretNotes(world, ahead)),
  ...queueNotes(ahead),
  ...canaryNotes(ahead),
]

/**
 * What would happen, were it ordered now.
 * @param turns the deployment that would be turned round
 */
export async function viewAhead(world: World, ahead: Ahead, turns?: string): Promise<AheadView> {
  const { state, lane, stages, plan, back } = ahead
  const { service, environment, kind, settings, release } = state
  const to = await nameRelease(world, release)
  const traffic = trafficOf(ahead)
  const isNew = turns === undefined
  return {
    schemaVersion: 1,
    dryRun: true,
    ...{ service, environment, kind: isNew ? kind : 'rollback', strategy: settings.strategy.is },
    effect: effectOf(ahead, `release ${to.short}${to.subject ? ` (${to.subject})` : ''}`, turns),
    ...(isNew ? {} : { turns }),
    ...(lane?.live ? { from: await nameRelease(world, lane.live.release) } : {}),
    to,
    instances: { live: lane?.live?.size ?? 0, new: settings.instances },
    passage: isNew ? passageOf(ahead) : { is: 'open' },
    gates: isNew ? state.gates.map((gate) => gateView(gate, state)) : [],
    notes: isNew ? await notesOf(world, ahead) : [],
    stages: stages.map(stageView(ahead)),
    ...(plan ? { plan: planView(plan) } : {}),
    ...(traffic ? { traffic } : {}),
    undo: back.map(({ title }) => title),
  }
}
