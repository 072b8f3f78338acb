import { expect, test } from 'vitest'
import { type ChangePointOptions, changePoints } from './change-points.ts'
import { logSteps } from './noise.ts'
import { isMeasured, type LogStep } from './step.ts'
import { type Slow, slowService } from './testdata/drifts.ts'
import { simulatedSteps, unchanged } from './testdata/histories.ts'
import { percent, simulations } from './testdata/rates.ts'

/** Why a history does not rest on change points: how often those of a series made from its steps tell anything. */
function changePointShare(
  title: string,
  slow: Slow | { readonly releases: number; readonly noise: number },
  seriesOf: (steps: readonly LogStep[]) => readonly number[],
  options: Partial<ChangePointOptions>,
): number {
  const service = 'from' in slow ? slowService(slow) : { ...slow, truth: unchanged }
  const divided = Array.from({ length: simulations }, (_, seed) => {
    const steps = logSteps(simulatedSteps(service, 1_000 + seed).filter(isMeasured))
    return changePoints(seriesOf(steps), { ...options, seed })
  })
  const share = divided.filter((found) => found.length > 0).length / simulations
  console.log(`change points of ${title} (${simulations} simulated): found ${percent(share)}`)
  return share
}

const logsOf = (steps: readonly LogStep[]): readonly number[] => steps.map(({ log }) => log)

function chainOf(steps: readonly LogStep[]): readonly number[] {
  let sum = 0
  return logsOf(steps).map((log) => {
    sum += log
    return sum
  })
}

test('the product of ratios wanders: change points are found in nearly all without a change', {
  timeout: 600_000,
}, () => {
  const title = 'the chain of 60 ratios without a change'
  const share = changePointShare(title, { releases: 60, noise: 0.01 }, chainOf, { permutations: 39 })
  expect(share).toBeGreaterThan(0.9)
})

test.each([
  ['all of 20', { releases: 20, from: 0, end: 20, noise: 0.01 }, 0.1],
  ['the last of 60', { releases: 60, from: 40, end: 60, noise: 0.01 }, 0.8],
])(
  'the ratios themselves show a drift less often than a history does: %s',
  { timeout: 600_000 },
  (title, slow, atMost) => {
    const share = changePointShare(`ratios that drift, ${title}`, slow, logsOf, { permutations: 99 })
    expect(share).toBeLessThan(atMost)
  },
)
