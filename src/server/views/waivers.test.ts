import { describe, expect, it } from 'vitest'
import type { GateView } from '../../contract/index.ts'
import type { DeploymentState, GateSeen, LaneState } from '../../deploy/index.ts'
import { waiversOf, waivingOf } from './waivers.ts'

const place = { service: 'payments', environment: 'production' }
const waiver = { gate: 'loadLine', owner: 'ada', reason: 'audit', since: 5, until: 100 }
const gate = { name: 'loadLine', verdict: { is: 'fail', reasons: [] } } as unknown as GateSeen
const shown = (is: GateView['is']): GateView => ({ name: 'loadLine', is, reasons: [] })
const deployment = (more: Partial<DeploymentState> = {}) =>
  ({
    ...{ ...place, id: 'payments.production.7', phase: 'ended', standing: 'failed', rail: [] },
    ...more,
  }) as unknown as DeploymentState
const lane = (more: Partial<LaneState> = {}) =>
  ({ lastDeployment: 'payments.production.7', ...more }) as unknown as LaneState

describe('a gate on the page of a deployment', () => {
  it('can be waived when it has stopped what was last asked for, or holds it', () => {
    expect(waivingOf(gate, shown('fail'), deployment(), lane(), 10)).toEqual({
      waive: {
        label: 'Let loadLine through',
        effect: expect.stringMatching(/^whatever gate loadLine finds, production of payments takes releases/),
        command: 'plimsoll waive payments production loadLine --reason "…" --for 2h',
      },
    })
    const newer = lane({ lastDeployment: 'payments.production.8' })
    for (const phase of ['gating', 'waiting'] as const)
      expect(waivingOf(gate, shown('waiting'), deployment({ phase }), newer, 10)).toHaveProperty('waive')
  })

  it('cannot when it lets through anyway, when it is over, or when something newer was asked for', () => {
    expect(waivingOf(gate, shown('pass'), deployment(), lane(), 10)).toEqual({})
    expect(waivingOf(gate, shown('fail'), deployment({ standing: 'cancelled' }), lane(), 10)).toEqual({})
    const moved = deployment({ rail: [{ title: 'start', startedAt: 1 }] })
    expect(waivingOf(gate, shown('fail'), moved, lane(), 10)).toEqual({})
    const newer = lane({ lastDeployment: 'payments.production.8' })
    expect(waivingOf(gate, shown('fail'), deployment(), newer, 10)).toEqual({})
  })

  it('shows the waiver that was given since, and how it is ended while it lasts', () => {
    const waived = lane({ waivers: [waiver] })
    const ends = { ...waiver, action: expect.objectContaining({ label: 'Let loadLine hold again' }) }
    expect(waivingOf(gate, shown('fail'), deployment(), waived, 99)).toEqual({ waiver: ends })
    expect(waivingOf(gate, shown('fail'), deployment(), waived, 100)).toHaveProperty('waive')
    expect(waiversOf(place, waived, 99)).toEqual([ends])
    expect(waiversOf(place, waived, 100)).toEqual([])
  })

  it('keeps the waiver with which it was judged; another one since is not taken for it', () => {
    const judged = { ...gate, waiver }
    const state = deployment({ standing: 'passed' })
    expect(waivingOf(judged, shown('fail'), state, lane({ waivers: [waiver] }), 10).waiver).toHaveProperty(
      'action',
    )
    expect(waivingOf(judged, shown('fail'), state, lane(), 10)).toEqual({ waiver })
    const other = lane({ waivers: [{ ...waiver, since: 6 }] })
    expect(waivingOf(judged, shown('fail'), state, other, 10)).toEqual({ waiver })
  })
})
