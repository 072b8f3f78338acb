import type { LoadTestSummary, LoadTestsView, LoadTestView, MeasuredLine } from '../../contract/index.ts'
import {
  type AbsoluteBody,
  absoluteKind,
  type LifeState,
  laneId,
  measuredParty,
  nextDue,
  readSchedule,
  titleOf,
} from '../../deploy/index.ts'
import { configOf } from '../../flow/in-step.ts'
import { measures } from '../../flow/load-tests.ts'
import { readLane } from '../../flow/records.ts'
import type { World } from '../../flow/world.ts'
import { type Digest, instanceSizeText, shortDigest } from '../../kernel/index.ts'
import { type LocatedLine, locatedLine, placeText } from '../../load/index.ts'
import { nameRelease } from './releases.ts'

/** How far back they are listed. */
const recent = 200

/** Load tests of an environment, the newest first; not those that only put it to sleep. */
export const loadTestsOf = async (
  world: World,
  service: string,
  environment: string,
): Promise<readonly LifeState[]> =>
  (await world.journal.list({ kind: 'loadTest', limit: recent }))
    .map(({ state }) => state as unknown as LifeState)
    .filter((one) => laneId(one.service, one.environment) === laneId(service, environment))
    .filter(({ settings }) => settings.test !== undefined)
    .sort((a, b) => b.number - a.number)

async function summarise(world: World, state: LifeState): Promise<LoadTestSummary> {
  const { id, service, environment, standing, text, requestedAt, endedAt } = state
  const release = measuredParty(state).release ?? state.wanted
  return {
    ...{ id, service, environment, standing, text, requestedAt },
    ...(release ? { release: await nameRelease(world, release) } : {}),
    ...(endedAt === undefined ? {} : { endedAt }),
  }
}

const isCancelled = ({ standing }: LifeState): boolean => standing === 'cancelled'

/** What is known of what is live: measured, on its way, or missing. Nothing is green that was not measured. */
export function sayOf(
  all: readonly LifeState[],
  live: Digest | undefined,
  wantsEach: boolean,
): Pick<LoadTestsView, 'is' | 'text'> {
  const ofLive = all.filter((one) => live === undefined || measures(one, live))
  const going = ofLive.findLast(({ phase }) => phase !== 'ended')
  if (going) return { is: going.phase === 'waiting' ? 'waiting' : 'running', text: going.text }
  if (live === undefined) return { is: 'none', text: 'nothing runs that could be measured' }
  // What a guest has left behind is red, whatever was measured before; what was cancelled says nothing.
  const last = all.find((one) => (ofLive.includes(one) && !isCancelled(one)) || one.left !== undefined)
  if (!last) {
    const cancelled = ofLive.find(isCancelled)
    const because = cancelled ? `: its load test was ${cancelled.text}` : ''
    const text = `the load line of ${shortDigest(live)} is missing${because}`
    return wantsEach
      ? { is: 'missing', text }
      : { is: 'none', text: cancelled ? text : `${text}: its time has not come yet` }
  }
  const { standing, text } = last
  return { is: standing === 'passed' || standing === 'failed' ? standing : 'inconclusive', text }
}

/** The load tests of an environment; undefined when it has none. */
export async function viewLoadTests(
  world: World,
  service: string,
  environment: string,
): Promise<LoadTestsView | undefined> {
  const own = (await configOf(world, service))?.environments[environment]?.loadTest
  if (!own) return undefined
  const lane = await readLane(world.journal, laneId(service, environment))
  const all = await loadTestsOf(world, service, environment)
  const open = all.filter(({ phase }) => phase !== 'ended').toReversed()
  const last = all.find(({ phase }) => phase === 'ended')
  const next = nextDue(
    own.at.flatMap((text) => readSchedule(text) ?? []),
    world.clock.now(),
  )
  return {
    ...sayOf(all, lane?.live?.release, own.afterDeployment),
    asleep: lane?.live?.size === 0 && lane.holder === undefined,
    queue: await Promise.all(open.map((one) => summarise(world, one))),
    ...(last ? { last: await summarise(world, last) } : {}),
    ...(next === undefined ? {} : { next }),
  }
}

const lineOf = ({ ratePerSecond, interval, goal, verdict, limitedBy, curve }: LocatedLine): MeasuredLine => ({
  ratePerSecond,
  interval,
  objective: goal,
  atLeast: verdict === 'atLeast',
  ...(limitedBy ? { limitedBy: limitedBy.text } : {}),
  curve: curve.map(({ ratePerSecond: rate, p50Ms, p95Ms, p99Ms }) => ({
    ratePerSecond: rate,
    p50Ms,
    p95Ms,
    p99Ms,
  })),
})

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`

async function foundOf(
  world: World,
  state: LifeState,
): Promise<Pick<LoadTestView, 'counts' | 'line' | 'place' | 'evidence'>> {
  const { release } = measuredParty(state)
  const known = release ? await world.evidence.about(release, [absoluteKind]) : []
  const evidence = known.find(({ body }) => (body as { test?: string }).test === state.id)
  if (!evidence) return {}
  const body = evidence.body as unknown as AbsoluteBody
  const result = locatedLine.safeParse(body.result)
  const { instances, size } = body.place
  // Of processes it is the machine, which is said anyway.
  const sized = size?.applied?.is === 'containers' ? ` of ${instanceSizeText(size.applied)}` : ''
  const where = `${state.environment}, ${count(instances, 'instance')}${sized}`
  return {
    counts: body.counts,
    evidence: evidence.id,
    ...(result.success
      ? { line: lineOf(result.data), place: `${where}, ${placeText(result.data.place)}` }
      : { place: where }),
  }
}

function railOf({ rail, steps, at, phase }: LifeState, because: string | undefined): LoadTestView['rail'] {
  const begun = rail.map(({ title, startedAt, endedAt, because: why }, i) => ({
    title,
    standing:
      endedAt === undefined
        ? ('running' as const)
        : why === undefined
          ? ('passed' as const)
          : ('failed' as const),
    at: startedAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    ...((why ?? (i === rail.length - 1 && endedAt === undefined ? because : undefined)) === undefined
      ? {}
      : { because: why ?? because }),
  }))
  if (phase === 'ended') return begun
  const coming = steps.slice(rail.length === 0 ? 0 : at + 1).map(titleOf)
  return [...begun, ...coming.map((title) => ({ title, standing: 'waiting' as const }))]
}

/** What becomes of what ran before a guest came. */
function backText({ phase, settings, deployed, left }: LifeState, instead: string): string {
  if (phase !== 'ended') return `${instead} comes back when it is over`
  if (left) return `${instead} is back, but not as it was: ${left.join('; ')}`
  return `${instead} is back, ${settings.asleep ? 'asleep' : count(deployed?.instances ?? 0, 'instance')}`
}

async function guestOf(world: World, state: LifeState): Promise<Pick<LoadTestView, 'guest'>> {
  const { guest, live, butFor = [], left, phase } = state
  if (!guest || !live) return {}
  const instead = await nameRelease(world, live.release)
  const isBack = phase === 'ended' ? { isBack: left === undefined } : {}
  return { guest: { instead, butFor: [...butFor], ...isBack, text: backText(state, instead.short) } }
}

const changeOf = ({ change }: LifeState): Pick<LoadTestView, 'change'> =>
  change
    ? { change: { run: change.run, commit: change.id, branch: change.branch, subject: change.subject } }
    : {}

/** How far it is: the search, or the pipeline of a change. */
async function progressOf(world: World, state: LifeState, because: string | undefined) {
  const isBuilding = state.phase === 'waiting' && state.change && !state.guest
  if (isBuilding) return because
  return state.phase === 'going' ? (await world.loadTests.progress(state.id))?.text : undefined
}

/** The page of one load test. */
export async function viewLoadTest(
  world: World,
  state: LifeState,
  because: string | undefined,
): Promise<LoadTestView> {
  const { cause, actor, reason, reasons, doubts = [], startedAt } = state
  const progress = await progressOf(world, state, because)
  return {
    schemaVersion: 1,
    ...(await summarise(world, state)),
    ...{ cause, actor, reason },
    reasons: reasons.map((one) => ({ ...one })),
    doubts: [...doubts],
    ...(startedAt === undefined ? {} : { startedAt }),
    rail: railOf(state, because),
    ...(progress === undefined ? {} : { progress }),
    ...changeOf(state),
    ...(await guestOf(world, state)),
    ...(await foundOf(world, state)),
  }
}
