/** What one user met on one pass of a journey; times in milliseconds. */
export type JourneyFound = {
  readonly steps: readonly {
    readonly name: string
    readonly durationMs?: number
    readonly problems: readonly string[]
  }[]
  readonly durationMs: number
  /** What ended it before its end. */
  readonly problem?: string
  readonly isWhole: boolean
}

/**
 * Everything that was not as it should be, in the order of the journey.
 * @param known how many steps a whole pass had; undefined before the first
 */
export function journeyProblems(
  { steps, problem, isWhole }: JourneyFound,
  known: number | undefined,
): readonly string[] {
  const all = isWhole ? steps.length : known
  // A pass that goes another way may have more.
  const of = all === undefined || all < steps.length ? '' : ` of ${all}`
  const found = steps.flatMap(({ name, problems }, i) =>
    problems.map((text) => `step ${i + 1}${of}: ${name} ${text}`),
  )
  const where = steps.length === 0 ? '' : `step ${steps.length}${of}: `
  return problem === undefined ? found : [...found, `${where}${problem}`]
}
