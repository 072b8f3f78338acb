import { PlimsollError, type Problem, parseDuration } from '../../kernel/index.ts'
import type { Input } from '../command.ts'

/** Reads options; every problem is kept, and told together. */
export function createReader({ values }: Input) {
  const problems: Problem[] = []
  const text = (name: string): string | undefined => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    problems,
    text,
    /** A number above 0, or at least 0. */
    number(name: string, least: 'above 0' | 'whole, above 0' = 'above 0'): number | undefined {
      const given = text(name)
      if (given === undefined) return undefined
      const value = Number(given)
      const isWhole = least === 'above 0' || Number.isInteger(value)
      if (Number.isFinite(value) && value > 0 && isWhole) return value
      problems.push({
        at: `--${name}`,
        text: `--${name} is ${given}, expected a ${least === 'above 0' ? '' : 'whole '}number above 0`,
      })
      return undefined
    },
    duration(name: string, usual: number): number {
      const given = text(name)
      if (given === undefined) return usual
      const value = parseDuration(given)
      if (value !== undefined) return value
      problems.push({ at: `--${name}`, text: `--${name} is ${given}, expected a duration such as 30s or 2m` })
      return usual
    },
    /** @throws PLM_USAGE with every problem */
    check(): void {
      if (problems.length > 0) throw new PlimsollError('PLM_USAGE', problems)
    },
  }
}

export type Reader = ReturnType<typeof createReader>
