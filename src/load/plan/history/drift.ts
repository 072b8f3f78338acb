import type { Random } from '../../../kernel/index.ts'
import { correctedFor, falseAlarm, shares } from './false-alarms.ts'
import { greatestLoss, type Ruler, rulerOf, weighted } from './segments.ts'
import type { LogStep } from './step.ts'

/** Steps from the first to before `end` that go one way, each by too little to be told alone. */
export type DriftFound = {
  readonly from: number
  readonly end: number
  readonly p: number
  /** Sum of the logarithms of those of them that do not stand out alone. */
  readonly log: number
}

type Stretch = Omit<DriftFound, 'log'>

/** Fewer steps are no drift; six of one sign are also the fewest that a flip of signs could tell. */
const leastSteps = 6

/** Patterns of signs drawn. */
const flips = 499

/** The values, each with its sign or the other. */
function flipped(values: Float64Array, random: Random): Float64Array {
  const drawn = values.slice()
  for (let i = 0; i < drawn.length; i++) if (random.next() < 0.5) drawn[i] = -(drawn[i] ?? 0)
  return drawn
}

/**
 * The greatest loss, when that is more than chance gives. Without a change the sign of each step is a fair
 * coin, whatever its noise: so it is held against the greatest losses under random signs, wherever they lie.
 */
function lossBeyondChance(
  values: Float64Array,
  ruler: Ruler,
  kind: 'loss' | 'gain',
  random: Random,
): Stretch | undefined {
  const { from, end, score } = greatestLoss(values, ruler)
  const allowed = falseAlarm * shares[kind] * (flips + 1)
  let asGreat = 1
  for (let i = 0; i < flips && asGreat <= allowed; i++)
    if (greatestLoss(flipped(values, random), ruler).score >= score) asGreat += 1
  return asGreat > allowed ? undefined : { from, end, p: correctedFor(kind, asGreat / (flips + 1)) }
}

/** The stretch that lost, or else gained, most beyond chance. */
function strongest(steps: readonly LogStep[], random: Random): Stretch | undefined {
  const values = weighted(steps)
  const ruler = rulerOf(steps, leastSteps)
  const negated = values.map((value) => -value)
  const loss = lossBeyondChance(values, ruler, 'loss', random.fork('loss'))
  const gain = lossBeyondChance(negated, ruler, 'gain', random.fork('gain'))
  return loss && gain && gain.p < loss.p ? gain : (loss ?? gain)
}

/**
 * The drift of a history; undefined when there is none, or nothing is beyond chance.
 * Plain change points of the steps would not do: they tell one mean from another, and find nothing in a
 * history that drifts from end to end. That a step of no change is 0 is known, and need not be estimated.
 * @param outstanding places of steps that stand out alone: they are passed over, a drift may go on across them
 */
export function findDrift(
  steps: readonly LogStep[],
  outstanding: ReadonlySet<number>,
  random: Random,
): DriftFound | undefined {
  const places = [...steps.keys()].filter((at) => !outstanding.has(at))
  const little = places.flatMap((at) => steps[at] ?? [])
  const found = little.length < leastSteps ? undefined : strongest(little, random)
  if (!found) return undefined
  const log = little.slice(found.from, found.end).reduce((sum, step) => sum + step.log, 0)
  return { from: places[found.from] ?? 0, end: (places[found.end - 1] ?? 0) + 1, p: found.p, log }
}
