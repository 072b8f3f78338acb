/**
 * Solves A x = b for a symmetric positive definite A by Cholesky's decomposition, in place.
 * @param a row by row, `n` × `n`; only the lower half is read, and it is overwritten
 * @param b of length `n`; becomes x
 * @returns false when A is not positive definite, so that there is no answer
 */
export function solveInPlace(a: Float64Array, b: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(a, i * n + j)
      for (let k = 0; k < j; k++) sum -= at(a, i * n + k) * at(a, j * n + k)
      if (i !== j) a[i * n + j] = sum / at(a, j * n + j)
      else if (sum > 0) a[i * n + i] = Math.sqrt(sum)
      else return false
    }
  }
  for (let i = 0; i < n; i++) {
    let sum = at(b, i)
    for (let k = 0; k < i; k++) sum -= at(a, i * n + k) * at(b, k)
    b[i] = sum / at(a, i * n + i)
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = at(b, i)
    for (let k = i + 1; k < n; k++) sum -= at(a, k * n + i) * at(b, k)
    b[i] = sum / at(a, i * n + i)
  }
  return true
}

/** Indices here are always within; TypeScript cannot know. */
const at = (values: Float64Array, i: number): number => values[i] as number
