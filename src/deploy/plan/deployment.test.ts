import { describe, expect, it } from 'vitest'
import { deployment } from './deployment.ts'
import { newDeployment } from './new.ts'
import type { DeploymentOrder } from './order.ts'
import type { DeploymentSight, DeploymentState } from './state.ts'

const settings = { instances: 2, strategy: { is: 'rolling', surge: 1 }, bakeMs: 0, gates: [], start: {} }
const order = { settings, kind: 'deploy', release: 'sha256:1' } as unknown as DeploymentOrder
const asked = newDeployment('s.e.1', 1, { service: 's', environment: 'e' }, order, 0)

const sight = {
  ...{ lane: {}, gates: [], watchedSince: 0, lack: 'the engine does not have the image of app' },
  ...{
    from: { instances: [] },
    to: { instances: [] },
    traffic: { reachable: true, counts: {}, upstreams: [], lost: [] },
  },
} as unknown as DeploymentSight

describe('a release of which the target lacks something', () => {
  it('is not begun', () => {
    const gating: DeploymentState = { ...asked, phase: 'gating' }
    expect(deployment.decide(gating, sight, 1)).toMatchObject({
      is: 'move',
      ended: true,
      state: {
        standing: 'failed',
        stages: [],
        reasons: [{ text: 'the release cannot run here: the engine does not have the image of app' }],
      },
    })
  })

  it('is not begun either when a secret has no value, and says what to do', () => {
    const { lack: _, ...whole } = sight
    const seen = { ...whole, noSecret: 'the secret API_KEY has no value' }
    expect(deployment.decide({ ...asked, phase: 'gating' }, seen, 1)).toMatchObject({
      state: {
        ...{ standing: 'failed', stages: [] },
        reasons: [
          {
            text: 'the release cannot run here: the secret API_KEY has no value',
            next: expect.stringContaining('secrets.env'),
          },
        ],
      },
    })
  })

  it('is undone when that happens in the middle', () => {
    const { lack: _, ...whole } = sight
    const begun = deployment.decide({ ...asked, phase: 'gating' }, whole, 1)
    if (begun.is !== 'move') throw new Error(begun.is)
    expect(begun.state.phase).toBe('moving')
    expect(deployment.decide(begun.state, sight, 2)).toMatchObject({ state: { phase: 'undoing' } })
  })
})
