import {
  absoluteKind,
  type LifeCommand,
  type LifeSight,
  type LifeState,
  life,
  workKey,
} from '../../deploy/index.ts'
import { fleetSeen } from '../../fleet/index.ts'
import type { Digest, Instant } from '../../kernel/index.ts'
import type { CompareState } from '../../load/index.ts'
import { secretsProblem } from '../environment-variables.ts'
import { driftNow } from '../in-step.ts'
import { openTests } from '../load-tests.ts'
import { laneRef, readDeployment, readFleet, readLane } from '../records.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

/** A comparison that runs on this machine: two at once would measure each other. */
async function comparisonRunning(world: World): Promise<string | undefined> {
  const open = await world.journal.list({ kind: 'comparison', ended: false })
  return open.map(({ state }) => state as unknown as CompareState).find(({ phase }) => phase === 'running')
    ?.id
}

async function keptOf(world: World, { id, live }: LifeState): Promise<Digest | undefined> {
  const known = live ? await world.evidence.about(live.release, [absoluteKind]) : []
  return known.find(({ body }) => (body as { test?: string }).test === id)?.id
}

/** What only some steps look at. */
async function seeStep(world: World, state: LifeState): Promise<Partial<LifeSight>> {
  const step = state.steps[state.at]
  if (!step || state.phase === 'waiting') return {}
  const key = workKey(state, step)
  switch (step.do) {
    case 'command': {
      const task = await world.commands.find(key)
      if (task !== 'absent') return { task }
      const env = [state.deployed?.start.env ?? {}, state.settings[step.command]?.env ?? {}]
      const taskProblem = await secretsProblem(world, env)
      return taskProblem === undefined ? {} : { taskProblem }
    }
    case 'test':
      return { test: (await world.loadTests.find(key)) as LifeSight['test'] }
    case 'open': {
      const drift = await driftNow(world, state.service, state.environment)
      const busy = await comparisonRunning(world)
      return { ...(drift ? { drift } : {}), ...(busy === undefined ? {} : { busy }) }
    }
    case 'keep': {
      const kept = await keptOf(world, state)
      return kept ? { kept } : {}
    }
    default:
      return {}
  }
}

async function see(world: World, state: LifeState, watchedSince: Instant): Promise<LifeSight> {
  const { service, environment } = state
  const of = laneRef(service, environment).id
  const lane = await readLane(world.journal, of)
  const live = state.live ?? lane?.live
  const deployed = live && (await readDeployment(world.journal, live.deployment))?.settings
  const first = state.phase === 'waiting' ? (await openTests(world, state))[0] : undefined
  return {
    ...(first && first.id !== state.id ? { ahead: first.id } : {}),
    lane,
    ...(deployed ? { deployed } : {}),
    instances: fleetSeen(live && (await readFleet(world.journal, live.fleet))).instances,
    traffic: await world.gateways.observe(of),
    task: 'absent',
    test: 'absent',
    watchedSince,
    ...(await seeStep(world, state)),
  }
}

/** One load test of an environment, from its freeze to its thaw. */
export function loadTestStory(world: World): Story<LifeState, LifeSight, LifeCommand> {
  const watchedSince = world.clock.now()
  return { machine: life, see: (state) => see(world, state, watchedSince) }
}
