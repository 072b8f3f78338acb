import { expect, it } from 'vitest'
import type { DeploymentState } from '../../deploy/index.ts'
import { runsText } from './changed.ts'

it('says a place once, however often a release was brought there', () => {
  const brought = (environment: string): DeploymentState =>
    ({ service: 'payments', environment, settings: { start: { worker: {} } } }) as unknown as DeploymentState
  const all = ['perf', 'perf', 'production', 'staging'].map(brought)
  expect(runsText(all, 'Round amounts')).toBe('Round amounts runs in payments perf, production, staging')
})
