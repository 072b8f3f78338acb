import type { LogStep, MeasuredStep } from './step.ts'

/** The fewest rounds that a comparison decides on, where a step does not say how many it rests on. */
const usualRounds = 10

/** Standard errors in half of a 95 % interval by signed ranks. Measured: 2.23 for 10 rounds, 2.11 for 20. */
const errorsInHalfWidth = (rounds: number): number => 1.96 + 2.8 / rounds

/** How many degrees of freedom such an interval's width is worth. Measured: 7.9 for 10 rounds, 15.0 for 20. */
const degreesOf = (rounds: number): number => 0.78 * rounds

/** No comparison is surer than 0.1 %, whatever its few rounds say. */
const leastVariance = 0.001 ** 2

/** What a comparison alone says of its noise. */
type Guess = { readonly variance: number; readonly degrees: number }

function guessOf({ interval, rounds = usualRounds }: MeasuredStep): Guess | undefined {
  if (!interval) return undefined
  const halfWidth = (Math.log1p(interval.high) - Math.log1p(interval.low)) / 2
  const variance = Math.max(leastVariance, (halfWidth / errorsInHalfWidth(rounds)) ** 2)
  return { variance, degrees: degreesOf(rounds) }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** ln x − ψ(x) of the digamma function ψ: how far the mean of logarithms lies below the logarithm of the mean. */
const belowLog = (x: number): number => 1 / (2 * x) + 1 / (12 * x * x)

/** Comparisons never are all alike: what is usual is worth 400 degrees of freedom at most. */
const leastBeyond = 0.005

/**
 * The usual variance, and how much that says of each comparison: what the guesses scatter more than guesses from
 * so few rounds must is true difference between comparisons, and the less of it, the more is said
 * (Smyth, Stat. Appl. Genet. Mol. Biol. 3, 2004, section 6.2; with trigamma(x) ≈ 1 / (x − ½)).
 */
function usualOf(guesses: readonly Guess[]): Guess {
  if (guesses.length === 0) return { variance: leastVariance, degrees: 0 }
  const logs = guesses.map(({ variance, degrees }) => Math.log(variance) + belowLog(degrees / 2))
  const middle = mean(logs)
  const scatter = logs.reduce((sum, log) => sum + (log - middle) ** 2, 0) / Math.max(1, logs.length - 1)
  const beyond = Math.max(leastBeyond, scatter - mean(guesses.map(({ degrees }) => 2 / (degrees - 1))))
  const degrees = 1 + 2 / beyond
  return { variance: Math.exp(middle - belowLog(degrees / 2)), degrees }
}

/** A comparison without an interval has so many rounds at most, half of the usual. */
const fewestRounds = 5

const withoutInterval = ({ variance }: Guess): Guess => ({
  variance: (variance * usualRounds) / fewestRounds,
  degrees: degreesOf(fewestRounds),
})

/**
 * Steps in logarithms with their standard errors. A variance from ten rounds is a rough guess, so each step's
 * is drawn towards the usual one: a step is not believed because its rounds agreed by chance, and a noisy
 * comparison among quiet ones is not taken for quiet. All together know no more than the sum of the guesses.
 */
export function logSteps(steps: readonly MeasuredStep[]): readonly LogStep[] {
  const guesses = steps.map(guessOf)
  const known = guesses.filter((guess) => guess !== undefined)
  const usual = usualOf(known)
  const inAll = Math.max(
    degreesOf(fewestRounds),
    known.reduce((sum, { degrees }) => sum + degrees, 0),
  )
  return steps.map(({ estimate, p }, at) => {
    const own = guesses[at] ?? withoutInterval(usual)
    const degrees = own.degrees + usual.degrees
    const variance = (own.degrees * own.variance + usual.degrees * usual.variance) / degrees
    return { log: Math.log1p(estimate), error: Math.sqrt(variance), degrees: Math.min(degrees, inAll), p }
  })
}
