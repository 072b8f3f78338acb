import { describe, expect, it } from 'vitest'
import type { Counts, InstanceSeen, TrafficSeen } from '../../fleet/index.ts'
import type { Decision, Instant } from '../../kernel/index.ts'
import { takeOver } from './blue-green.ts'
import { judgeOn } from './judging.ts'
import { letOn } from './let-on.ts'
import { newDeployment } from './new.ts'
import type { CanarySettings, DeploymentOrder } from './order.ts'
import type { Stage } from './stage.ts'
import type { DeploymentSight, DeploymentState } from './state.ts'

const canary: CanarySettings = {
  stageAtMostMs: 10_000,
  find: 0.05,
  alpha: 0.001,
  watchMs: 20_000,
  warmUpMs: 0,
  minRequests: 100,
  deadlineMs: 60_000,
  inconclusive: 'hold',
  split: 'request',
  latency: true,
}

const both = { from: 2, to: 2 }
const judged: Stage = {
  do: 'judge',
  title: 'judge it',
  sizes: both,
  serving: both,
  share: 0.1,
  judge: { leastMs: 10_000, mustPass: true },
}

function deploying(more: Partial<CanarySettings> = {}): DeploymentState {
  const settings = { instances: 2, bakeMs: 0, gates: [], port: 1, requestTimeoutMs: 1, start: {} }
  const order = { settings: { ...settings, strategy: { is: 'canary', ...canary, ...more } }, kind: 'deploy' }
  const state = newDeployment(
    's.e.2',
    2,
    { service: 's', environment: 'e' },
    order as unknown as DeploymentOrder,
    0,
  )
  return {
    ...state,
    phase: 'moving',
    standing: 'running',
    from: { release: 'sha256:1', fleet: 's.e.1', size: 2, deployment: 's.e.1', since: 0 },
    stages: [judged, ...takeOver(2, 2, 0)],
    rail: [{ title: 'judge it', startedAt: 0 }],
  } as DeploymentState
}

const counts = (answered: number, failed: number, slow = 0): Counts =>
  ({
    accepted: answered,
    answered,
    lost: 0,
    byClass: { '1': 0, '2': answered - failed, '3': 0, '4': 0, '5': failed },
    latency: { upperMs: [10, 100], counts: [answered - slow, slow] },
  }) as unknown as Counts

const ready = { phase: 'ready', crashes: 0 } as InstanceSeen

const sight = (live: Counts, fresh: Counts, more: Partial<TrafficSeen> = {}): DeploymentSight =>
  ({
    to: { spec: undefined, instances: [ready, ready] },
    traffic: {
      ...{ reachable: true, generation: 'a', upstreams: [], counts: { 's.e.1': live, 's.e.2': fresh } },
      ...more,
    },
  }) as unknown as DeploymentSight

/** Looks once a second; what was seen at each look is made from the time in seconds. */
function watchFor(
  seconds: number,
  seenAt: (t: number) => DeploymentSight,
  first = deploying(),
): { state: DeploymentState; last: Decision<DeploymentState>; at: Instant } {
  let state = first
  let last: Decision<DeploymentState> = { is: 'wait', because: 'not yet', until: undefined }
  for (let t = 0; t <= seconds; t++) {
    last = judgeOn(state, judged, seenAt(t), t * 1_000)
    if (last.is !== 'move') return { state, last, at: t * 1_000 }
    state = last.state
    if (state.phase !== 'moving' || state.at > 0 || state.heldSince !== undefined)
      return { state, last, at: t * 1_000 }
  }
  return { state, last, at: seconds * 1_000 }
}

const fine = (t: number) => sight(counts(900 * t, t), counts(100 * t, 0))

describe('a canary', () => {
  it('that is as good takes over once it was watched for long enough', () => {
    const { state, at } = watchFor(60, fine)
    expect(state.stages[state.at]?.title).toBe('all requests to the new instances')
    expect(state.judgement?.is).toBe('pass')
    expect(at).toBeGreaterThanOrEqual(canary.watchMs)
    expect(at).toBeLessThanOrEqual(canary.watchMs + 2_000)
  })

  it('that fails for one request in twenty is undone within seconds, with the numbers', () => {
    const { state, at } = watchFor(60, (t) => sight(counts(900 * t, t), counts(100 * t, 5 * t)))
    expect(state.phase).toBe('undoing')
    expect(at).toBeLessThan(10_000)
    expect(state.rail.map(({ title, turnedAs }) => [title, turnedAs])).toEqual([
      ['judge it', 'failed'],
      ['all requests to the old instances', undefined],
    ])
    expect(state.reasons[0]?.numbers).toMatchObject({ canaryOf: expect.any(Number), p: expect.any(Number) })
    expect(state.stages[state.at]?.title).toBe('all requests to the old instances')
  })

  it('whose instances end meanwhile says so beside what the judge saw', () => {
    const because = 'container app ran out of memory (limit 64 MiB) after 9 s'
    const instances = [{ index: 0, phase: 'ready', lastCrash: because }, { phase: 'ready' }]
    const { state } = watchFor(60, (t) => ({
      ...sight(counts(900 * t, t), counts(100 * t, 5 * t)),
      to: { spec: undefined, instances } as unknown as DeploymentSight['to'],
    }))
    expect(state.reasons.map(({ text }) => text)).toEqual([
      expect.stringContaining('the live version'),
      `instance 0 ${because}`,
    ])
  })

  it('whose clients are pinned counts clients, of whom one that tries again and again is one', () => {
    const retrying = (t: number): DeploymentSight => {
      const many = { ...counts(100 * t, 20 * t), failedClients: Math.ceil(t / 10) }
      return sight({ ...counts(900 * t, t), failedClients: t }, many)
    }
    expect(watchFor(60, retrying).state.phase).toBe('undoing')
    expect(watchFor(60, retrying, deploying({ split: 'cookie' })).state.judgement?.is).toBe('pass')
  })

  it('that answers a fifth of its requests slower is undone', () => {
    const live = (t: number) => counts(100_000 + 900 * t, 0, 1_000 + 9 * t)
    const { state } = watchFor(60, (t) => sight(live(t), counts(100 * t, 0, 20 * t)))
    expect(state.phase).toBe('undoing')
    expect(state.reasons[0]?.text).toMatch(/slower/)
  })

  it('whose slower answers are not to count takes over all the same', () => {
    const live = (t: number) => counts(100_000 + 900 * t, 0, 1_000 + 9 * t)
    const { state } = watchFor(
      60,
      (t) => sight(live(t), counts(100 * t, 0, 20 * t)),
      deploying({ latency: false }),
    )
    expect(state.judgement?.is).toBe('pass')
  })

  it('that nobody asks is held, and goes on only when a person answers for it', () => {
    const { state: held } = watchFor(100, () => sight(counts(0, 0), counts(0, 0)))
    expect(held.heldSince).toBe(canary.deadlineMs)
    expect(judgeOn(held, judged, fine(100), 100_000)).toMatchObject({ is: 'wait' })
    const going = letOn(held, { is: 'goOn', actor: 'ada', reason: 'seen by hand' }, 101_000)
    expect(going).toMatchObject({
      is: 'move',
      state: { letOn: { by: 'ada', reason: 'seen by hand' } },
      events: [{ type: 'deployment.letOn' }, { type: 'deployment.stage' }],
    })
    if (going.is === 'move') {
      expect(going.state.stages[going.state.at]?.title).toBe('all requests to the new instances')
      expect(letOn(going.state, { is: 'goOn', actor: 'ada', reason: 'again' }, 102_000)).toMatchObject({
        is: 'wait',
      })
    }
  })

  it('that nobody asks goes back when that is how it is configured, and the verdict is inconclusive', () => {
    const { state } = watchFor(
      100,
      () => sight(counts(0, 0), counts(0, 0)),
      deploying({ inconclusive: 'rollback' }),
    )
    expect(state).toMatchObject({ phase: 'undoing', undoneAs: 'inconclusive' })
    expect(state.rail[0]?.turnedAs).toBe('inconclusive')
  })

  it('is not judged by what was counted before a gateway was started again', () => {
    const restarted = (t: number) =>
      t < 5 ? fine(t) : sight(counts(900 * (t - 5), 0), counts(100 * (t - 5), 0), { generation: 'b' })
    expect(watchFor(60, restarted).state.judgement?.is).toBe('pass')
  })

  it('is not judged by what it got because no instance of the live version was well', () => {
    const [from, to] = [5, 8]
    /** For three seconds all requests go to the canary. */
    const alone = (t: number, more?: Partial<TrafficSeen>) => {
      const without = Math.max(0, Math.min(t, to) - from)
      return sight(counts(900 * (t - without), t - without), counts(100 * t + 900 * without, 0), more)
    }
    const known = (t: number) =>
      alone(t, {
        upstreams: [{ fleet: 's.e.1', serving: true, healthy: t <= from || t >= to }],
      } as unknown as Partial<TrafficSeen>)
    expect(watchFor(60, known).state.judgement?.is).toBe('pass')
    expect(watchFor(60, (t) => alone(t)).state.judgement?.is).toBe('inconclusive')
  })

  it('gets its share though the live version is slow to answer what it was sent', () => {
    /** For ten seconds two of three of its requests wait. */
    const lagging = (t: number) => {
      const waiting = 600 * Math.max(0, Math.min(t - 5, 15 - t, 5))
      const live = counts(900 * t - waiting, t)
      return sight({ ...live, accepted: 900 * t }, counts(100 * t, 0))
    }
    expect(watchFor(60, lagging).state.judgement?.is).toBe('pass')
  })

  it('is not judged while the gateway does not answer', () => {
    const { last } = watchFor(1, () => sight(counts(0, 0), counts(0, 0), { reachable: false }))
    expect(last).toMatchObject({ is: 'wait', because: 'the gateway does not answer' })
  })

  it('does not take over while one of its instances is down', () => {
    const down = (t: number): DeploymentSight => {
      const seen = fine(t)
      return { ...seen, to: { ...seen.to, instances: seen.to.instances.slice(1) } }
    }
    const { state } = watchFor(40, down)
    expect(state).toMatchObject({ at: 0, judgement: { is: 'pass' } })
  })

  it('is not called untold while an instance crashes: that ends by itself, or ends the deployment', () => {
    const seenAt = (t: number): DeploymentSight => {
      const seen = sight(counts(0, 0), counts(0, 0))
      return { ...seen, to: { ...seen.to, instances: [ready, { ...ready, crashes: t < 80 ? 2 : 0 }] } }
    }
    expect(watchFor(79, seenAt).state).toMatchObject({ at: 0, judgement: { is: 'inconclusive' } })
    expect(watchFor(79, seenAt).state.heldSince).toBeUndefined()
    expect(watchFor(90, seenAt).state.heldSince).toBe(80_000)
  })

  it('does not take over while an instance that crashed has not been steady since', () => {
    const crashed = (t: number): DeploymentSight => {
      const seen = fine(t)
      return { ...seen, to: { ...seen.to, instances: [ready, { ...ready, crashes: t < 50 ? 1 : 0 }] } }
    }
    expect(watchFor(49, crashed).state).toMatchObject({ at: 0, judgement: { is: 'pass' } })
    expect(watchFor(55, crashed).state.at).toBe(1)
  })
})
