import { createScanner, Malformed, takeName, takeQuoted } from './scan.ts'

/** One condition on a label, as Prometheus has it. A label that a series has not is an empty one. */
export type Matcher = {
  readonly label: string
  readonly is: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

/** Series of one metric: those that all matchers hold for. */
export type Metric = { readonly name: string; readonly matchers: readonly Matcher[] }

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
 * Reads `http_requests_total{code=~"5..",job!="batch"}`.
 * @returns undefined when the text is no such thing
 */
export function readMetric(text: string): Metric | undefined {
  const scanner = createScanner(text)
  try {
    const name = takeName(scanner, 'the name of a metric', ':')
    scanner.skipBlanks()
    const matchers = takeMatchers(scanner)
    return scanner.isAtEnd() ? { name, matchers } : undefined
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}

const quote = (text: string): string =>
  `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`

/** As PromQL writes it. */
export const writeMetric = ({ name, matchers }: Metric): string =>
  `${name}{${matchers.map(({ label, is, value }) => `${label}${is}${quote(value)}`).join(',')}}`
