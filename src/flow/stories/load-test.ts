import {
  absoluteKind,
  cannotRun,
  commandEnv,
  type LifeCommand,
  type LifeSight,
  type LifeState,
  life,
  measuredParty,
  partyOf,
  workKey,
} from '../../deploy/index.ts'
import { fleetSeen } from '../../fleet/index.ts'
import { type Digest, type Instant, PlimsollError } from '../../kernel/index.ts'
import { type CompareState, type LocatedLine, usedAtLine } from '../../load/index.ts'
import { runStanding, runText } from '../../pipeline/index.ts'
import { secretsProblem } from '../environment-variables.ts'
import { type LiveAs, settingsOfGuest } from '../guests.ts'
import { driftMeasured } from '../in-step.ts'
import { firstTest } from '../load-tests.ts'
import { laneRef, readDeployment, readFleet, readLane, readRun } from '../records.ts'
import { sizeAskedOf } from '../sizes.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

/** A comparison that runs on this machine: two at once would measure each other. */
async function comparisonRunning(world: World): Promise<string | undefined> {
  const open = await world.journal.list({ kind: 'comparison', ended: false })
  return open.map(({ state }) => state as unknown as CompareState).find(({ phase }) => phase === 'running')
    ?.id
}

async function keptOf(world: World, state: LifeState): Promise<Digest | undefined> {
  const { release } = measuredParty(state)
  const known = release ? await world.evidence.about(release, [absoluteKind]) : []
  return known.find(({ body }) => (body as { test?: string }).test === state.id)?.id
}

/** How far the pipeline of a change is. */
async function seeChange(world: World, { change, guest }: LifeState): Promise<Pick<LifeSight, 'change'>> {
  if (!change || guest) return {}
  const run = await readRun(world.journal, change.run)
  if (run?.phase !== 'ended')
    return { change: { is: 'going', text: run ? `its pipeline: ${runText(run)}` : 'its pipeline begins' } }
  const isGood = runStanding(run) === 'passed' && run.release
  return {
    change: isGood
      ? { is: 'ended', release: isGood.digest }
      : { is: 'ended', because: `${runText(run)} (${run.id})` },
  }
}

/** How the guest would be brought to where the live release is. */
async function seeGuest(
  world: World,
  { service, environment, guest, sized }: LifeState,
  live: LiveAs | undefined,
): Promise<Pick<LifeSight, 'guest'>> {
  if (!guest || !live) return {}
  const { release } = guest
  try {
    const deployed = await settingsOfGuest(world, { service, environment, release }, live, sized)
    // An engine that does not answer may have it all.
    const lack = await world.instances
      .lacks(release, deployed.start.target ?? 'process')
      .catch(() => undefined)
    return { guest: lack === undefined ? { deployed } : { problem: cannotRun(lack) } }
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error
    return { guest: { problem: error.problems.map(({ text }) => text).join('; ') } }
  }
}

/** Of what size instances were to be, and how near their limits they came at the load of the line. */
async function seeSize(
  world: World,
  state: LifeState,
  end: Extract<LifeSight['test'], object>['ended'],
): Promise<Pick<LifeSight, 'asked' | 'used'>> {
  const { release, deployed } = measuredParty(state)
  const asked = await sizeAskedOf(world, release, deployed?.start)
  if (!asked) return {}
  const used = end.is === 'measured' ? usedAtLine(end.found.body as unknown as LocatedLine) : undefined
  return { asked, ...(used ? { used } : {}) }
}

/** What only some steps look at. */
async function seeStep(
  world: World,
  state: LifeState,
  live: LiveAs | undefined,
): Promise<Partial<LifeSight>> {
  const step = state.steps[state.at]
  if (!step || state.phase === 'waiting') return {}
  const key = workKey(state, step)
  switch (step.do) {
    case 'freeze':
      return seeGuest(world, state, live)
    case 'command': {
      const task = await world.commands.find(key)
      if (task !== 'absent') return { task }
      const taskProblem = await secretsProblem(world, commandEnv(state, step))
      return taskProblem === undefined ? {} : { taskProblem }
    }
    case 'test': {
      const test = (await world.loadTests.find(key)) as LifeSight['test']
      return { test, ...(typeof test === 'string' ? {} : await seeSize(world, state, test.ended)) }
    }
    case 'open': {
      const drift = await driftMeasured(world, state)
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
  const first = state.phase === 'waiting' ? await firstTest(world, state) : undefined
  const fleet = partyOf(state, state.steps[state.at]).fleet ?? live?.fleet
  return {
    ...(first && first.id !== state.id ? { ahead: first.id } : {}),
    ...(await seeChange(world, state)),
    lane,
    ...(deployed ? { deployed } : {}),
    instances: fleetSeen(fleet === undefined ? undefined : await readFleet(world.journal, fleet)).instances,
    traffic: await world.gateways.observe(of),
    task: 'absent',
    test: 'absent',
    watchedSince,
    ...(await seeStep(world, state, live && deployed && { release: live.release, deployed })),
  }
}

/** One load test of an environment, from its freeze to its thaw. */
export function loadTestStory(world: World): Story<LifeState, LifeSight, LifeCommand> {
  const watchedSince = world.clock.now()
  return { machine: life, see: (state) => see(world, state, watchedSince) }
}
