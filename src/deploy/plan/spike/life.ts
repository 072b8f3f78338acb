import { type Instant, move, sameJson, wait } from '../../../kernel/index.ts'
import { commandEffect, commandMarginMs, failureOf, upKey } from './commands.ts'
import {
  beginClosing,
  counted,
  effectOf,
  newestOf,
  type SpikeDecision,
  tellSpike,
  withNewest,
} from './moves.ts'
import type { SpikeChange, SpikeSight, SpikeState } from './state.ts'

/** One thing that may be due; undefined when it is not. */
type Rule = (state: SpikeState, seen: SpikeSight, now: Instant) => SpikeDecision | undefined

const lookAgainMs = 250
const countEveryMs = 30_000
const longestWarningMs = 900_000

/** So long before its end it is said that it ends. */
export const warningMs = ({ lifeMs }: Pick<SpikeState, 'lifeMs'>): number =>
  Math.min(longestWarningMs, lifeMs / 4)

const expires: Rule = (state, seen, now) =>
  state.until !== undefined && state.until <= now
    ? beginClosing(counted(state, seen, now), { why: 'expired', by: 'plimsoll' }, now)
    : undefined

/** Dependencies are made once there is something that could need them. */
const beginsUp: Rule = (state, _seen, now) => {
  const up = state.settings.dependencies?.up
  if (!up || state.up || newestOf(state)?.standing !== 'built') return undefined
  const deadline = now + up.timeoutMs + commandMarginMs
  const next: SpikeState = { ...state, up: { startedAt: now, deadline, standing: 'running' } }
  return move(next, {
    events: [tellSpike(next, 'spike.preparing')],
    effects: [effectOf(next, 'folders', { make: true }, 'make'), ...commandEffect(next, 'up', upKey(next))],
  })
}

/** Why `up` did not do its work; undefined while it may, or when it has. */
function upFailure(
  { up }: SpikeState,
  { up: found, problem, variablesProblem }: SpikeSight,
  now: Instant,
): string | undefined {
  if (found === 'lost') return 'nobody knows how it ended'
  if (typeof found === 'object') return found.ended.exit === 0 ? variablesProblem : failureOf(found.ended)
  if (now < (up?.deadline ?? now)) return undefined
  return problem ?? 'it did not end in time'
}

const followsUp: Rule = (state, seen, now) => {
  const { up } = state
  if (up?.standing !== 'running') return undefined
  const because = upFailure(state, seen, now)
  if (because !== undefined) {
    const reasons = [{ text: `what it depends on could not be made: ${because}` }, ...lastWords(seen)]
    return beginClosing(
      { ...state, up: { ...up, standing: 'failed' } },
      { why: 'failed', by: 'plimsoll' },
      now,
      reasons,
    )
  }
  if (typeof seen.up !== 'object') return undefined
  return move({ ...state, up: { ...up, standing: 'up', variables: seen.variables ?? {} } })
}

const lastWords = ({ said }: SpikeSight) => (said ? [{ text: said }] : [])

function changeFailed(state: SpikeState, because: string): SpikeDecision {
  const next = withNewest(state, { standing: 'failed', because })
  return move(next, { events: [tellSpike(next, 'spike.changeFailed', { because })] })
}

const followsRun: Rule = (state, { run }) => {
  if (newestOf(state)?.standing !== 'building' || run.is !== 'ended') return undefined
  const { release, passed, text } = run
  if (!release) return changeFailed(state, text)
  const next = withNewest(state, { standing: 'built', release, ...(passed ? {} : { checks: text }) })
  return move(next, { events: [tellSpike(next, 'spike.built', { text })] })
}

const orders: Rule = (state, _seen, now) => {
  const newest = newestOf(state)
  if (newest?.standing !== 'built') return undefined
  if (state.settings.dependencies && state.up?.standing !== 'up') return undefined
  const next = withNewest(state, { standing: 'deploying', orderedAt: now })
  return move(next, { effects: [effectOf(next, 'deploy', { run: newest.run }, newest.run)] })
}

/** An order that is not taken within this time is not taken at all: no port is free, say. */
const orderedWithinMs = 300_000

const followsDeployment: Rule = (state, { deployment, said }, now) => {
  const newest = newestOf(state)
  if (newest?.standing !== 'deploying') return undefined
  if (!deployment && now >= (newest.orderedAt ?? now) + orderedWithinMs)
    return changeFailed(state, 'its deployment could not be asked for')
  if (deployment?.phase !== 'ended') return undefined
  if (deployment.standing === 'passed') return move(withNewest(state, { standing: 'runs' }))
  const texts = [...deployment.reasons.map(({ text }) => text), ...(said ? [said] : [])]
  return changeFailed(state, texts.join('; ') || deployment.standing)
}

/** Of changes that are through with it, the newest that has the live release runs; what ran before is replaced. */
function marked({ changes }: SpikeState, live: string | undefined): readonly SpikeChange[] {
  const isThrough = ({ standing }: SpikeChange) => standing === 'runs' || standing === 'replaced'
  const running = changes.findLast((change) => isThrough(change) && change.release === live)
  return changes.map((change) =>
    isThrough(change) ? { ...change, standing: change === running ? 'runs' : 'replaced' } : change,
  )
}

const marks: Rule = (state, { lane }) => {
  if (!lane?.live) return undefined
  const changes = marked(state, lane.live.release)
  const same = sameJson(changes, state.changes)
  return same ? undefined : move({ ...state, changes })
}

const opens: Rule = (state, { lane }, now) => {
  if (state.phase !== 'starting' || !lane?.live) return undefined
  const until = now + state.lifeMs
  const next: SpikeState = { ...state, phase: 'open', openedAt: now, until }
  return move(next, { events: [tellSpike(next, 'spike.opened', { until })] })
}

/** Nothing runs, and nothing is on its way: it never came to be. */
const fails: Rule = (state, { lane }, now) => {
  const newest = newestOf(state)
  if (state.phase !== 'starting' || newest?.standing !== 'failed') return undefined
  if (lane && (lane.live || lane.holder || lane.queue.length > 0)) return undefined
  return beginClosing(state, { why: 'failed', by: 'plimsoll' }, now, [
    { text: newest.because ?? 'it failed' },
  ])
}

const warns: Rule = (state, _seen, now) => {
  const { until, warned } = state
  if (until === undefined || warned === until || now < until - warningMs(state)) return undefined
  const next = { ...state, warned: until }
  return move(next, { events: [tellSpike(next, 'spike.endsSoon', { until })] })
}

const counts: Rule = (state, seen, now) => {
  if (state.phase !== 'open' || now < (state.countedAt ?? 0) + countEveryMs) return undefined
  const next = counted(state, seen, now)
  const same = sameJson(next.ledger, state.ledger)
  return same ? undefined : move(next)
}

const rules: readonly Rule[] = [
  ...[expires, followsUp, followsRun, beginsUp, orders, followsDeployment],
  ...[marks, opens, fails, warns, counts],
]

/** What it is at, for people. */
export function doing(state: SpikeState): string {
  if (state.up?.standing === 'running') return 'what it depends on is being made'
  const newest = newestOf(state)
  if (newest?.standing === 'building') return 'the change is being built'
  if (newest?.standing === 'built' || newest?.standing === 'deploying') return 'the change is being deployed'
  return state.phase === 'open' ? 'open' : 'nothing runs yet'
}

function nextLook(state: SpikeState, now: Instant): Instant {
  const newest = newestOf(state)?.standing
  const settled = state.phase === 'open' && (newest === 'runs' || newest === 'failed')
  if (!settled || state.until === undefined) return now + lookAgainMs
  const warnAt = state.warned === state.until ? state.until : state.until - warningMs(state)
  return Math.min(state.until, warnAt, now + countEveryMs)
}

/** From the first change to the end of its time. */
export function live(state: SpikeState, seen: SpikeSight, now: Instant): SpikeDecision {
  for (const rule of rules) {
    const decision = rule(state, seen, now)
    if (decision) return decision
  }
  return wait(doing(state), nextLook(state, now))
}
