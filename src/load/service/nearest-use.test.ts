import { expect, it } from 'vitest'
import { nearestUse } from './service-watch.ts'

it('is by each resource that of the container which came nearest to its limit', () => {
  expect(
    nearestUse([
      { program: 'node', cpuShare: 0.4, busiestThreadShare: 0.38, memoryShare: 0.9 },
      { program: 'envoy', cpuShare: 0.96, busiestThreadShare: 0.2 },
    ]),
  ).toEqual({ program: 'envoy', cpuShare: 0.96, busiestThreadShare: 0.38, memoryShare: 0.9 })
  expect(nearestUse([])).toBeUndefined()
})
