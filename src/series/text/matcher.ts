import { type Matcher, nameLabel } from '../series.ts'
import { createScanner, Malformed, takeName, takeQuoted } from './scan.ts'

const operators = ['=~', '!~', '!=', '='] as const

function takeMatchers(scanner: ReturnType<typeof createScanner>): Matcher[] {
  const matchers: Matcher[] = []
  if (!scanner.has('{')) return matchers
  for (;;) {
    scanner.skipBlanks()
    if (scanner.has('}')) return matchers
    const label = takeName(scanner, 'the name of a label')
    scanner.skipBlanks()
    const is = operators.find((one) => scanner.has(one))
    if (!is) throw new Malformed(`expected =, !=, =~ or !~ behind the label ${label}`)
    scanner.skipBlanks()
    const value = takeQuoted(scanner)
    if (is.endsWith('~') && !isPattern(value)) throw new Malformed(`${value} is no pattern`)
    matchers.push({ label, is, value })
    scanner.skipBlanks()
    if (!scanner.has(',') && !scanner.rest().startsWith('}'))
      throw new Malformed('expected , or } behind a matcher')
  }
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u')
    return true
  } catch {
    return false
  }
}

/**
 * Reads `http_requests_total{code=~"5..",job!="batch"}`; the name is the first of the matchers.
 * @returns undefined when the text is no such thing
 */
export function readMatchers(text: string): readonly Matcher[] | undefined {
  const scanner = createScanner(text)
  try {
    const name = takeName(scanner, 'the name of a metric', ':')
    scanner.skipBlanks()
    const matchers = takeMatchers(scanner)
    const named: Matcher = { label: nameLabel, is: '=', value: name }
    return scanner.isAtEnd() ? [named, ...matchers] : undefined
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}

/**
 * Reads `severity="page",environment=~"prod.*"`, without a metric; no text is no matcher.
 * @returns undefined when the text is no such thing
 */
export const readLabelMatchers = (text: string): readonly Matcher[] | undefined =>
  readMatchers(`any{${text}}`)?.slice(1)
