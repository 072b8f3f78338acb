import { formatDuration, type Instant, type Reason, shortDigest } from '../../../kernel/index.ts'
import { takesRequests } from '../order.ts'
import { apartFromGuest, doubtsOf } from './evidence.ts'
import type { LifeSight, LifeState, TestFound } from './state.ts'
import { type Party, partyOf, type Step, taskOf, titleOf } from './steps.ts'

/** How a step stands. */
export type Settled =
  | { readonly is: 'waits'; readonly because: string }
  | { readonly is: 'done'; readonly found?: TestFound }
  /** What ran it is gone, or was stopped with everything else: it begins again. */
  | { readonly is: 'again'; readonly because: string }
  | {
      readonly is: 'failed'
      readonly reasons: readonly Reason[]
      readonly standing?: 'failed' | 'inconclusive'
    }

const waits = (because: string): Settled => ({ is: 'waits', because })
const done: Settled = { is: 'done' }
const failed = (text: string): Settled => ({ is: 'failed', reasons: [{ text }] })

/** Beyond what instances themselves may take. */
const marginMs = 30_000

const isLate = ({ rail }: LifeState, { watchedSince }: LifeSight, now: Instant, limitMs: number): boolean =>
  now - Math.max(rail.at(-1)?.startedAt ?? now, watchedSince) > limitMs + marginMs

/** Whether the guest can be brought, and what it does to the environment taken back. */
function invited({ settings, environment, guest: wanted }: LifeState, { guest, lane }: LifeSight): Settled {
  if (!guest) return waits('how the release is brought is being looked up')
  if ('problem' in guest) return failed(guest.problem)
  if (!takesRequests(guest.deployed)) return failed('the release takes no requests')
  if (guest.deployed.migrate === undefined || settings.clean) return done
  // What is live has migrated them itself.
  if (wanted?.release === lane?.live?.release) return done
  return failed(
    `the release migrates the data of ${environment}, and without loadTest.clean nothing would bring them back`,
  )
}

function frozen(state: LifeState, seen: LifeSight): Settled {
  const { lane } = seen
  const { holder, live } = lane ?? {}
  if (holder?.test !== state.id)
    return waits(
      holder ? `the environment is held by ${holder.owner}: ${holder.reason}` : 'freezes deployments',
    )
  if (!live)
    return {
      is: 'failed',
      reasons: [{ text: `nothing runs in ${state.environment}` }],
      standing: 'inconclusive',
    }
  if (state.guest && (state.sized || state.guest.release !== live.release)) return invited(state, seen)
  if (state.wanted === undefined || state.wanted === live.release) return done
  const text = `${shortDigest(state.wanted)} was replaced by ${shortDigest(live.release)} before it could be measured`
  return { is: 'failed', reasons: [{ text }], standing: 'inconclusive' }
}

/** As many instances as wanted are ready and really run the release; or why they never will. */
function started(state: LifeState, seen: LifeSight, now: Instant, { release, deployed }: Party): Settled {
  const { instances } = seen
  const wanted = deployed?.instances ?? 0
  const crashing = instances.find(({ crashes }) => crashes >= 3)
  if (crashing)
    return failed(`instance ${crashing.index} ${crashing.lastCrash ?? 'crashes'}, ${crashing.crashes} times`)
  const stranger = instances.find(({ runs }) => runs !== undefined && runs !== release)
  if (stranger) return failed(`instance ${stranger.index} runs ${stranger.runs}, not the release`)
  const ready = instances.filter(({ phase, runs }) => phase === 'ready' && runs !== undefined).length
  if (ready >= wanted && instances.length === wanted) return done
  const not = instances.find(({ phase }) => phase !== 'ready')
  const why = not?.because ? `: instance ${not.index} ${not.because}` : ''
  const text = `${ready} of ${wanted} instances are ready${why}`
  return isLate(state, seen, now, deployed?.start.readyWithinMs ?? 0) ? failed(text) : waits(text)
}

/** The gateway has the table of this step, and sees healthy whom it names. */
function routed(state: LifeState, seen: LifeSight, now: Instant, revision: number): Settled {
  const { reachable, revision: has, upstreams } = seen.traffic
  const sick = upstreams.find(({ healthy }) => !healthy)
  const text = !reachable
    ? 'the gateway does not answer'
    : has < revision
      ? 'the gateway has not taken the new weights yet'
      : sick && `the gateway does not see ${sick.instance} healthy`
  if (text === undefined) return done
  return isLate(state, seen, now, 0) ? failed(text) : waits(text)
}

function commanded(
  title: string,
  { task: found, taskProblem: problem }: LifeSight,
  isLate: boolean,
): Settled {
  if (found === 'lost') return { is: 'again', because: `${title}: nobody knows how it ended` }
  if (found === 'absent' && problem !== undefined && isLate) return failed(`${title}: ${problem}`)
  if (typeof found === 'string') return waits(problem ?? 'it goes on')
  const { exit, signal, why, startedAt, endedAt } = found.ended
  if (exit === 0) return done
  const took = formatDuration(endedAt - startedAt)
  if (why === 'timedOut') return failed(`${title}: it was not over after ${took}`)
  const how = exit === null ? `it was ended by ${signal}` : `it exited with ${exit}`
  return failed(`${title}: ${how} after ${took}`)
}

function tested({ test }: LifeSight): Settled {
  if (test === 'lost') return { is: 'again', because: 'what measured it was lost' }
  if (typeof test === 'string') return waits('its load line is being searched')
  const { ended } = test
  if (ended.is === 'interrupted') return { is: 'again', because: 'it was stopped with everything else' }
  if (ended.is === 'failed') return { is: 'failed', reasons: ended.reasons, standing: 'inconclusive' }
  return { is: 'done', found: ended.found }
}

/** Whether what is measured now will count, and what of a guest differs because it does. */
export function judged(
  { guest, sized }: LifeState,
  { drift }: LifeSight,
): Required<Pick<LifeState, 'doubts' | 'butFor'>> {
  if (!guest || !drift) return { doubts: doubtsOf(drift), butFor: [] }
  const { butFor, rest } = apartFromGuest(drift, sized !== undefined)
  return { doubts: doubtsOf(rest), butFor }
}

/** What is not in step may be so in a moment: somebody may just be writing down what runs there. */
const patienceMs = 20_000

function opened(state: LifeState, seen: LifeSight, now: Instant): Settled {
  const open = routed(state, seen, now, revisionOf(state))
  if (open.is !== 'done' || state.phase === 'restoring') return open
  // What begins to measure now would measure that, too.
  if (seen.busy !== undefined) return waits(`after ${seen.busy}`)
  const [doubt] = judged(state, seen).doubts
  const began = Math.max(state.rail.at(-1)?.startedAt ?? now, seen.watchedSince)
  return doubt !== undefined && seen.drift && now - began < patienceMs ? waits(doubt) : open
}

/** How the present step stands. */
export function settled(state: LifeState, step: Step, seen: LifeSight, now: Instant): Settled {
  switch (step.do) {
    case 'freeze':
      return frozen(state, seen)
    case 'command':
      return commanded(titleOf(step), seen, isLate(state, seen, now, taskOf(state, step)?.timeoutMs ?? 0))
    case 'start':
      return started(state, seen, now, partyOf(state, step))
    case 'open':
      return opened(state, seen, now)
    case 'close':
      return routed(state, seen, now, revisionOf(state))
    case 'test':
      return tested(seen)
    case 'keep':
      return seen.kept ? done : waits('what was found is being kept')
    case 'stop': {
      const text = `${seen.instances.length} instances are still stopping`
      if (seen.instances.length === 0) return done
      return isLate(state, seen, now, partyOf(state, step).deployed?.start.graceMs ?? 0)
        ? failed(text)
        : waits(text)
    }
    case 'thaw':
      return seen.lane?.holder?.test === state.id ? waits('lets deployments in again') : done
  }
}

/** Tables of an environment follow each other: the turn first, the step second. */
export const revisionOf = ({ fence = 0, at }: Pick<LifeState, 'fence' | 'at'>): number => fence * 1_000 + at
