import type { Problem } from '../kernel/index.ts'
import type { Finding } from './finding.ts'
import { keyPathText } from './keyPath.ts'
import type { Locate } from './locate.ts'

/** Findings as they are reported: with key path and `file:line`, in the order of the file. */
export function placeFindings(
  findings: readonly Finding[],
  file: string,
  locate: Locate,
): readonly Problem[] {
  const placed = findings.map((finding) => ({ finding, line: locate(finding.path) }))
  const sorted = placed.toSorted((a, b) => a.line - b.line)
  const problems = sorted.map(({ finding, line }) => toProblem(finding, `${file}:${line}`))
  return withoutDoubles(problems)
}

function toProblem({ path, text, didYouMean }: Finding, place: string): Problem {
  const at = keyPathText(path)
  return { at, place, text: `${at} ${text}`, ...(didYouMean === undefined ? {} : { didYouMean }) }
}

const withoutDoubles = (problems: readonly Problem[]): readonly Problem[] =>
  problems.filter((problem, index) => problems.findIndex((other) => other.text === problem.text) === index)
