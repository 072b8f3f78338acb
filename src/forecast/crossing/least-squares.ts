import { median } from '../model/order.ts'
import { solveInPlace } from '../model/solve.ts'

/** Rows of numbers, all as long as the first. */
export type Design = readonly Float64Array[]

export type LeastSquares = {
  readonly coefficients: Float64Array
  readonly residuals: Float64Array
  /** What a change of Σ x·e does to the coefficients: (XᵀX)⁻¹ · moments. */
  readonly solve: (moments: Float64Array) => Float64Array
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

/** Σ row · value over the rows. */
export function momentsOf(design: Design, values: Float64Array): Float64Array {
  const moments = new Float64Array(design[0]?.length ?? 0)
  design.forEach((row, r) => {
    const value = values[r] as number
    for (let i = 0; i < row.length; i++) moments[i] = (moments[i] as number) + (row[i] as number) * value
  })
  return moments
}

/** Holds back what the rows do not determine, such as a weekday that never was. */
const ridge = 1e-6

function solverOf(design: Design): LeastSquares['solve'] {
  const width = design[0]?.length ?? 0
  const xx = new Float64Array(width * width)
  for (const row of design)
    for (let i = 0; i < width; i++)
      for (let j = 0; j <= i; j++)
        xx[i * width + j] = (xx[i * width + j] as number) + (row[i] as number) * (row[j] as number)
  for (let i = 0; i < width; i++) xx[i * width + i] = (xx[i * width + i] as number) + ridge
  return (moments) => {
    const answer = moments.slice()
    return solveInPlace(xx.slice(), answer, width) ? answer : new Float64Array(width)
  }
}

export function leastSquares(design: Design, y: Float64Array): LeastSquares {
  const solve = solverOf(design)
  const coefficients = solve(momentsOf(design, y))
  return {
    coefficients,
    residuals: y.map((value, r) => value - dot(design[r] as Float64Array, coefficients)),
    solve,
  }
}

const clipAt = 2.5
const rounds = 4

/** The robust standard deviation: from the median of absolute values. */
export const robustDeviation = (residuals: Float64Array): number => 1.4826 * median(residuals.map(Math.abs))

/**
 * Huber's regression by pseudo-values: what is missed by more than 2.5 robust deviations is moved there, again and again. Every
 * row keeps its weight, so that what is known of the design serves each fit.
 * @returns residuals of the values as they were
 */
export function robustSquares(design: Design, y: Float64Array): LeastSquares {
  let fit = leastSquares(design, y)
  for (let round = 0; round < rounds; round++) {
    const limit = clipAt * robustDeviation(fit.residuals)
    const pulled = y.map((value, r) => {
      const miss = fit.residuals[r] as number
      return value - miss + Math.max(-limit, Math.min(limit, miss))
    })
    const coefficients = fit.solve(momentsOf(design, pulled))
    const residuals = y.map((value, r) => value - dot(design[r] as Float64Array, coefficients))
    fit = { ...fit, coefficients, residuals }
  }
  return fit
}
