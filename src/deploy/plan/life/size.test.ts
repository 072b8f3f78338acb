import { expect, it } from 'vitest'
import type { InstanceSize } from '../../../kernel/index.ts'
import { sizeMeasured } from './size.ts'
import type { LifeSight } from './state.ts'

const size = (cpus: number): InstanceSize => ({
  is: 'containers',
  containers: { app: { cpus, memoryBytes: 2 ** 30, essential: true } },
})
const seen = (asked: InstanceSize | undefined, ...applied: readonly (InstanceSize | undefined)[]) =>
  sizeMeasured({
    instances: applied.map((one, index) => ({ index, ...(one ? { size: one } : {}) })),
    ...(asked ? { asked } : {}),
    used: { cpu: 0.9 },
  } as unknown as LifeSight)

it('is what was asked for and what there really was, and how near its limits it came', () => {
  expect(seen(size(1), size(1), size(1))).toEqual({
    size: { asked: size(1), applied: size(1) },
    used: { cpu: 0.9 },
    doubts: [],
  })
  expect(seen(undefined, undefined)).toEqual({ used: { cpu: 0.9 }, doubts: [] })
})

it('is doubted where instances were not alike, or not as they were asked for', () => {
  expect(seen(size(2), size(1), size(2)).doubts).toEqual([
    'instances were not alike: 1 CPU and 1 GiB, and 2 CPUs and 1 GiB',
    'instances had 1 CPU and 1 GiB, and 2 CPUs and 1 GiB was asked for',
  ])
})
