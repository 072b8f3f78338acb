import { describe, expect, it } from 'vitest'
import type { ChangeView, DeploymentView, GateView } from '../index.ts'
import { journeyOf, toLookAt } from './journey.ts'

const ended = 100
const run: ChangeView['runs'][number] = {
  ...{
    schemaVersion: 1,
    id: 'hello.3',
    standing: 'passed',
    text: 'passed in 4 s',
    reasons: [],
    actor: 'ada',
  },
  ...{ startedAt: 0, endedAt: ended, jobs: [] },
  change: {
    ...{
      service: 'hello',
      id: 'c0ffee',
      short: 'c0ffee',
      branch: 'main',
      subject: 'Say hello',
      author: 'Ada',
    },
    at: 0,
  },
}

type Place = NonNullable<ChangeView['way']>[number]
const place = (environment: string, of: Partial<Place> = {}): Place => ({
  ...{ environment, by: 'itself', live: false },
  ...of,
})
const staging = place('staging')
const production = place('production', { after: 'staging' })

type Found = ChangeView['deployments'][number]
const deployment = (environment: string, of: Partial<Found> = {}): Found => ({
  ...{
    id: `hello.${environment}.1`,
    environment,
    standing: 'passed',
    text: 'it runs',
    at: ended + 1,
    endedAt: 150,
  },
  ...of,
})
const going = (environment: string, of: Partial<Found> = {}): Found => {
  const { endedAt: _, ...rest } = deployment(environment, { standing: 'running', ...of })
  return rest
}

const change = (of: Partial<ChangeView>): ChangeView => ({
  ...{ schemaVersion: 1, change: run.change, runs: [run], comparisons: [], deployments: [] },
  way: [staging, production],
  ...of,
})

const whole = (environment: string, of: Partial<DeploymentView>): DeploymentView =>
  ({
    ...{ id: `hello.${environment}.1`, service: 'hello', environment, standing: 'running', text: 'it waits' },
    ...{ reasons: [], gates: [], rail: [] },
    ...of,
  }) as unknown as DeploymentView

const gate = (of: Partial<GateView> = {}): GateView => ({
  name: 'signOff',
  is: 'waiting',
  reasons: [],
  ...of,
})

const is = (view: Partial<ChangeView>, open: readonly DeploymentView[] = [], until?: string) =>
  journeyOf(change(view), open, until).is

describe('a change on its way', () => {
  it('goes on while its run does, and while nobody knows yet where it comes to', () => {
    const { endedAt: _, ...running } = { ...run, standing: 'running' as const }
    expect(is({ runs: [] })).toBe('going')
    expect(is({ runs: [running] })).toBe('going')
    const { way: _way, ...unknown } = change({})
    expect(journeyOf(unknown, []).is).toBe('going')
    expect(is({})).toBe('going')
  })

  it('has failed, or cannot be told, as its run ended', () => {
    const failed = journeyOf(
      change({ runs: [{ ...run, standing: 'failed', text: 'test failed' }] }),
      [],
      'production',
    )
    expect(failed).toMatchObject({
      ...{ is: 'failed', text: 'it will not be deployed: test failed', next: 'plimsoll logs hello.3' },
    })
    expect(is({ runs: [{ ...run, standing: 'inconclusive' }] })).toBe('inconclusive')
    expect(is({ runs: [{ ...run, standing: 'cancelled' }] })).toBe('failed')
  })

  it('is live when it is in every environment that it comes to by itself, or in the one that was asked for', () => {
    const first = { deployments: [deployment('staging')] }
    expect(is(first)).toBe('going')
    expect(is(first, [], 'staging')).toBe('live')
    const both = journeyOf(change({ deployments: [deployment('production'), deployment('staging')] }), [])
    expect(both).toMatchObject({ is: 'live', text: 'it is live in staging and production' })
  })

  it('is live at once where its release runs already, but not while a deployment goes on', () => {
    const way = [{ ...staging, live: true }]
    expect(is({ way })).toBe('live')
    expect(is({ way, deployments: [going('staging')] })).toBe('going')
  })

  it('does not take for its own what brought the same release before it was pushed again', () => {
    const before = deployment('staging', { at: 10, endedAt: 20 })
    expect(is({ deployments: [before] }, [], 'staging')).toBe('going')
    expect(toLookAt(change({ deployments: [{ ...before, standing: 'failed' }] }))).toEqual([])
  })

  it('has failed where a deployment did, whatever goes on elsewhere', () => {
    const emea = place('emea')
    const deployments = [going('emea'), deployment('staging', { standing: 'failed', text: 'rolled back' })]
    const open = [
      whole('staging', {
        ...{ standing: 'failed', endedAt: 150, text: 'rolled back', reasons: [{ text: 'not healthy' }] },
        rail: [{ title: 'start', standing: 'failed' }],
      }),
    ]
    expect(journeyOf(change({ way: [staging, production, emea], deployments }), open)).toMatchObject({
      ...{ is: 'failed', text: 'staging: rolled back', reasons: ['not healthy'] },
      next: 'plimsoll logs hello.staging.1',
    })
    expect(is({ way: [place('staging', { rejected: 'it was rolled back there by hello.staging.1' })] })).toBe(
      'failed',
    )
    expect(is({ deployments: [deployment('staging', { standing: 'inconclusive' })] })).toBe('inconclusive')
  })

  it('waits for a person or a date, and not for what is being measured', () => {
    const deployments = [going('production'), deployment('staging')]
    const action = { label: 'Sign off', effect: '', command: 'plimsoll sign-off 3f2a hello production' }
    const waits = journeyOf(change({ deployments }), [whole('production', { gates: [gate({ action })] })])
    expect(waits).toMatchObject({ is: 'waits', next: action.command })
    const measured = gate({ name: 'loadLine', measured: true })
    expect(is({ deployments }, [whole('production', { gates: [measured] })])).toBe('going')
    const held = { label: '', effect: '', command: 'plimsoll continue hello production' }
    expect(is({ deployments }, [whole('production', { held })])).toBe('held')
  })

  it('waits to be promoted only where it was asked for, once it runs in the environment before', () => {
    const way = [staging, { ...production, by: 'promote' as const }]
    expect(is({ way, deployments: [deployment('staging')] })).toBe('live')
    expect(is({ way }, [], 'production')).toBe('going')
    expect(journeyOf(change({ way, deployments: [deployment('staging')] }), [], 'production')).toMatchObject({
      ...{ is: 'waits', next: 'plimsoll promote hello production' },
    })
  })

  it('is over with its run where its branch is not deployed', () => {
    expect(journeyOf(change({ way: [] }), [])).toMatchObject({
      ...{ is: 'live', text: 'passed in 4 s; it goes nowhere by itself' },
    })
  })
})
