import { expect, it } from 'vitest'
import type { InstanceSize } from '../kernel/index.ts'
import { evidenceOf } from './evidence.ts'
import { comparisonEvidence } from './plan/compare/evidence.ts'
import { foundRatio } from './plan/compare/testdata/evidence.ts'

const size = (cpus: number): InstanceSize => ({
  is: 'containers',
  containers: { app: { cpus, memoryBytes: 2 ** 30, essential: true } },
})
const names = { base: 'main', change: 'change' }

it('says in its sentence that a size changes with the release, and keeps both', () => {
  const { text, startedAt, about, sends, objective, place, measured, ...comparison } = foundRatio(1, names)
  const end = { is: 'compared', comparison, rounds: measured } as const
  const what = { ...about, sends, objective, startedAt, besideProduction: place.besideProduction }
  const same = evidenceOf(end, { ...what, sizes: { base: size(1), change: size(1) } })
  expect(same.text).toBe(text)
  const sizes = { base: size(1), change: size(2) }
  const larger = evidenceOf(end, { ...what, sizes })
  expect(larger.text).toBe(
    `${text}; its size changes with it, from 1 CPU and 1 GiB to 2 CPUs and 1 GiB: both were compared without limits, so that this is not in the figures`,
  )
  expect(comparisonEvidence.parse(larger).sizes).toEqual(sizes)
  // What was kept before is read as it is.
  expect(comparisonEvidence.parse(foundRatio(1, names)).sizes).toBeUndefined()
})
