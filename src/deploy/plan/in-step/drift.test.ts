import { describe, expect, it } from 'vitest'
import type { InstanceSeen } from '../../../fleet/index.ts'
import type { Digest } from '../../../kernel/index.ts'
import type { DeploymentSettings } from '../order.ts'
import { driftOf, type Following, type Running, undeclared } from './drift.ts'
import { judgeDrift } from './gate.ts'
import { type InStep, settingsInStep, sizeInStep } from './settings.ts'
import { inStepWatch, newWatch, type WatchState, withSince } from './watch.ts'

const release = (n: number): Digest => `sha256:${String(n).repeat(64)}`

const production: DeploymentSettings = {
  instances: 6,
  strategy: { is: 'blueGreen' },
  bakeMs: 60_000,
  migrate: { run: './migrate', timeoutMs: 60_000, env: {} },
  gates: ['tests', 'loadLine'],
  port: 8080,
  requestTimeoutMs: 10_000,
  start: {
    command: 'serve',
    portVariable: 'PORT',
    healthPath: '/health',
    readyWithinMs: 5_000,
    graceMs: 5_000,
    env: { DB_URL: { secret: 'DB_URL' }, MODE: 'live', API_TOKEN: 'clear-text-by-mistake' },
    dataFolder: '/data/production',
  },
}

const perf: DeploymentSettings = {
  ...production,
  strategy: { is: 'rolling', surge: 1 },
  bakeMs: 0,
  gates: [],
  port: 8090,
  start: { ...production.start, env: { DB_URL: { secret: 'PERF_DB_URL' } } },
}

const inStep: InStep = { with: 'production', size: 1 / 3, differs: { 'env.DB_URL': 'a database of its own' } }
const brought = settingsInStep(production, perf, inStep, '/data/perf')

const instance = (index: number, n: number, more: Partial<InstanceSeen> = {}): InstanceSeen => ({
  id: `fleet/${index}`,
  index,
  phase: 'ready',
  port: 20_000 + index,
  since: 500,
  attempt: 1,
  crashes: 0,
  runs: release(n),
  ...more,
})

const place = (environment: string, n: number, size: number, settings: DeploymentSettings): Running => ({
  environment,
  live: { release: release(n), fleet: 'fleet', size, deployment: `${environment}.${n}`, since: 1_000 * n },
  settings,
  schema: { release: release(n), whole: true },
  size,
  instances: Array.from({ length: size }, (_, index) => instance(index, n)),
})

const there = place('production', 1, 6, production)
const here = place('perf', 1, 2, brought)
const short = (n: number) => String(n).repeat(12)

describe('an environment in step', () => {
  it.each([
    [3, 1 / 3, 1],
    [4, 1 / 3, 1],
    [5, 1 / 3, 2],
    [1, 0.01, 1],
    [6, 0.5, 3],
    [7, 0.5, 4],
    [6, 1, 6],
  ])('of %i instances at %f has %i', (instances, size, expected) => {
    expect(sizeInStep(instances, { size })).toBe(expected)
  })

  it('is brought a release as the other was, at its own size, address and pace', () => {
    expect(brought).toEqual({
      ...production,
      instances: 2,
      strategy: { is: 'rolling', surge: 1 },
      bakeMs: 0,
      gates: [],
      port: 8090,
      start: {
        ...production.start,
        env: { ...production.start.env, DB_URL: { secret: 'PERF_DB_URL' } },
        dataFolder: '/data/perf',
      },
    })
  })

  it('may be declared to lack a variable, and to keep no data', () => {
    const differs = { 'env.MODE': 'unset', data: 'begins anew' }
    const { dataFolder: _, ...start } = perf.start
    const settings = settingsInStep(production, { ...perf, start }, { ...inStep, differs }, '/data/perf')
    expect(settings.start.env).not.toHaveProperty('MODE')
    expect(settings.start.dataFolder).toBeUndefined()
  })
})

describe('drift', () => {
  const drift = (a: Running, b: Running, following?: Following) => driftOf(a, b, inStep, following)
  const changed = (start: object): Running => ({
    ...here,
    settings: { ...brought, start: { ...brought.start, ...start } },
  })

  it('is none but for what is declared', () => {
    const seen = drift(there, here)
    expect(seen.differences).toEqual([
      {
        what: 'env.DB_URL',
        there: 'secret(DB_URL)',
        here: 'secret(PERF_DB_URL)',
        since: 1_000,
        declared: 'a database of its own',
      },
    ])
    expect(judgeDrift(seen, release(9))).toEqual({ is: 'pass', seen: [release(9)] })
  })

  it.each<[string, Running, Running, object]>([
    [
      'release',
      { ...place('production', 2, 6, production), before: [{ release: release(1), since: 1_000 }] },
      here,
      { there: short(2), here: short(1), since: 2_000 },
    ],
    ['release', there, { environment: 'perf', size: 0, instances: [] }, { there: short(1), here: 'nothing' }],
    [
      'schema',
      { ...there, schema: { release: release(2), whole: false } },
      here,
      { there: `migrated by ${short(2)}, which did not end well`, here: `migrated by ${short(1)}` },
    ],
    ['start.command', there, changed({ command: 'serve --fast' }), { there: 'serve', here: 'serve --fast' }],
    ['start.readyWithin', there, changed({ readyWithinMs: 1 }), { there: '5000', here: '1' }],
    [
      'env.MODE',
      there,
      changed({ env: { ...brought.start.env, MODE: 'test' } }),
      { there: 'live', here: 'test' },
    ],
    [
      'env.API_TOKEN',
      there,
      changed({ env: { ...brought.start.env, API_TOKEN: 'another' } }),
      { there: 'a value that is not shown', here: 'a value that is not shown' },
    ],
    ['data', there, changed({ dataFolder: undefined }), { there: 'true', here: 'false' }],
    [
      'instances',
      there,
      place('perf', 1, 1, brought),
      { there: '6 instances, which makes 2 here', here: '1 instance' },
    ],
    [
      'ready',
      there,
      {
        ...here,
        instances: [instance(0, 1), instance(1, 1, { phase: 'backingOff', because: 'exited with 1' })],
      },
      { here: '1 of 2 ready (instance 1 is backingOff: exited with 1)' },
    ],
    [
      'runs',
      there,
      { ...here, instances: [instance(0, 1), instance(1, 7, { since: 900 })] },
      { here: `instance 1 runs ${short(7)}, not ${short(1)}`, there: 'what was asked for runs', since: 900 },
    ],
    [
      'runs',
      { ...there, instances: [instance(0, 8)] },
      here,
      { there: `instance 0 runs ${short(8)}, not ${short(1)}` },
    ],
  ])('%s: what is there, here, and since when', (what, a, b, expected) => {
    const found = undeclared(drift(a, b)).filter((one) => one.what !== 'schema' || what === 'schema')
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ what, ...expected })
    expect(judgeDrift(drift(a, b), release(9)).is).toBe('fail')
  })

  it('of releases lasts since they last were the same, by what ran on either side', () => {
    const at = (n: number, since: number) => ({ release: release(n), since })
    const ran = (environment: string, ...[live, ...before]: ReturnType<typeof at>[]): Running => ({
      environment,
      live: { fleet: 'fleet', size: 1, deployment: 'd', ...(live as ReturnType<typeof at>) },
      before,
      size: 1,
      instances: [],
    })
    const sinceOf = (a: Running, b: Running) =>
      drift(a, b).differences.find(({ what }) => what === 'release')?.since
    // Followed 1, then neither 2 nor 3.
    expect(sinceOf(ran('production', at(3, 50), at(2, 30), at(1, 10)), ran('perf', at(1, 20)))).toBe(30)
    // It went on by itself.
    expect(sinceOf(ran('production', at(1, 10)), ran('perf', at(4, 40), at(1, 20)))).toBe(40)
    // They never were.
    expect(sinceOf(ran('production', at(2, 30), at(1, 10)), ran('perf', at(4, 20)))).toBe(10)
  })

  it('is found in whatever settings will know one day', () => {
    const more = { ...production, containers: [{ image: 'proxy@sha256:1' }] } as DeploymentSettings
    expect(undeclared(drift({ ...there, settings: more }, here))).toMatchObject([
      { what: 'containers.0.image', there: 'proxy@sha256:1', here: 'not given' },
    ])
  })

  it('is not what a deployment under way brings', () => {
    const seen = drift(place('production', 2, 6, production), here, { coming: 'payments.perf.2' })
    expect(undeclared(seen)).toEqual([])
    expect(judgeDrift(seen, release(9))).toEqual({
      is: 'waits',
      because: `payments.perf.2 mends release (${short(2)})`,
    })
  })

  it('is not that instances are not ready which a load test starts', () => {
    const starting = { ...here, instances: [instance(0, 1), instance(1, 1, { phase: 'starting' })] }
    expect(undeclared(drift(there, starting)).map(({ what }) => what)).toEqual(['ready'])
    expect(undeclared(drift(there, starting, { test: 'payments.perf.test-1' }))).toEqual([])
  })

  it('cannot be told where nobody has seen what runs, or nothing does', () => {
    const unseen = { ...here, instances: [instance(0, 1), { ...instance(1, 1), runs: undefined } as never] }
    expect(judgeDrift(drift(there, unseen), release(9))).toEqual({
      is: 'inconclusive',
      reasons: [{ text: 'nobody has seen yet what instance 1 of perf runs' }],
    })
    const nothing = drift({ environment: 'production', size: 0, instances: [] }, here)
    expect(judgeDrift(nothing, release(9)).is).toBe('inconclusive')
  })
})

describe('whoever looks after it', () => {
  const look = (state: WatchState, running: Running, now: number) => {
    const drift = driftOf(there, running, inStep)
    const next = inStepWatch.decide(state, { drift, leader: release(1) }, now)
    if (next.is !== 'move') throw new Error('nothing was decided')
    return next
  }
  const settled = look(newWatch('payments', 'perf'), here, 5_000).state
  const other = (command: string): Running => ({
    ...here,
    live: { ...(here.live as NonNullable<Running['live']>), since: 7_000 },
    settings: { ...brought, start: { ...brought.start, command } },
  })

  it('tells of nothing when all is declared, and keeps what was seen as evidence', () => {
    const first = look(newWatch('payments', 'perf'), here, 5_000)
    expect(first.events).toEqual([])
    expect(first.effects).toMatchObject([
      { kind: 'evidence.keep', spec: { kind: 'drift', at: 5_000, about: { environment: 'payments.perf' } } },
    ])
  })

  it('tells when drift begins and when it ends, and knows since when all the while', () => {
    const began = look(settled, other('serve --fast'), 8_000)
    expect(began.events).toMatchObject([
      { type: 'drift.began', body: { what: 'start.command', since: 7_000 } },
    ])
    const still = look(
      began.state,
      { ...other('serve --slow'), live: { ...there.live, size: 2, since: 9_000 } as never },
      9_500,
    )
    expect(still.events).toEqual([])
    expect(still.state.drift?.differences).toMatchObject([{ since: 7_000 }, { what: 'env.DB_URL' }])
    const ended = look(still.state, here, 12_000)
    expect(ended.events).toMatchObject([
      { type: 'drift.ended', body: { what: 'start.command', since: 7_000 } },
    ])
  })

  it('has nothing to say while nothing changes', () => {
    const drift = driftOf(there, here, inStep)
    expect(inStepWatch.decide(settled, { drift, leader: release(1) }, 6_000).is).toBe('wait')
    expect(withSince(drift, undefined)).toEqual(drift)
  })

  it('forgets what differed when it follows nobody any more', () => {
    const left = inStepWatch.decide(look(settled, other('serve --fast'), 8_000).state, {}, 9_000)
    expect(left).toMatchObject({ is: 'move', events: [{ type: 'drift.ended' }] })
    expect(inStepWatch.decide(newWatch('payments', 'perf'), {}, 1).is).toBe('wait')
  })
})

describe('limits of containers', () => {
  const limited = (cpus: number): DeploymentSettings => ({
    ...production,
    start: { ...production.start, target: 'docker', limits: { app: { cpus } } },
  })
  const differs = { ...inStep.differs, limits: 'a larger size is measured' }

  it('come from there unless they are declared to differ', () => {
    expect(settingsInStep(limited(1), limited(2), inStep, '/d').start.limits).toEqual({ app: { cpus: 1 } })
    expect(settingsInStep(limited(1), perf, inStep, '/d').start.limits).toEqual({ app: { cpus: 1 } })
    expect(settingsInStep(limited(1), limited(2), { ...inStep, differs }, '/d').start.limits).toEqual({
      app: { cpus: 2 },
    })
    expect(settingsInStep(limited(1), perf, { ...inStep, differs }, '/d').start).not.toHaveProperty('limits')
  })

  it('are drift as they were deployed, unless they are declared to differ', () => {
    const [a, b] = [place('production', 1, 6, limited(1)), place('perf', 1, 2, limited(2))]
    const of = (step: InStep) =>
      driftOf(a, b, step).differences.filter(({ what }) => what.startsWith('limits'))
    expect(of(inStep)).toEqual([{ what: 'limits.app.cpus', there: '1', here: '2', since: 1_000 }])
    expect(of({ ...inStep, differs })[0]?.declared).toBe('a larger size is measured')
  })
})
