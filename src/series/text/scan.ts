import type { Labels } from '../series.ts'

/** Walks through one line; what is not as the grammar has it is thrown as a `Malformed`. */
export class Malformed extends Error {}

const name = /[a-zA-Z_:][a-zA-Z0-9_:]*/y
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y
const blanks = /[ \t]*/y
/** Up to the next quote that is not escaped. */
const quoted = /"((?:[^"\\]|\\.)*)"/y

export interface Scanner {
  /** @throws Malformed saying that `what` was expected here */
  take(shape: RegExp, what: string): string
  skipBlanks(): void
  /** Takes the text when it is next. */
  has(text: string): boolean
  isAtEnd(): boolean
  rest(): string
}

export function createScanner(text: string): Scanner {
  let at = 0
  const match = (shape: RegExp): RegExpExecArray | null => {
    shape.lastIndex = at
    const found = shape.exec(text)
    if (found) at = shape.lastIndex
    return found
  }
  return {
    take(shape, what) {
      const found = match(shape)
      if (!found) throw new Malformed(`expected ${what} at column ${at + 1}`)
      return found[1] ?? found[0]
    },
    skipBlanks: () => void match(blanks),
    has(next) {
      if (!text.startsWith(next, at)) return false
      at += next.length
      return true
    },
    isAtEnd: () => at >= text.length,
    rest: () => text.slice(at),
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, escaped: string) => {
    if (escaped === 'n') return '\n'
    if (escaped === '\\' || escaped === '"') return escaped
    throw new Malformed(`\\${escaped} is none of \\\\, \\" and \\n`)
  })
}

/** A text in double quotes, without its escapes. */
export const takeQuoted = (scanner: Scanner): string =>
  unescaped(scanner.take(quoted, 'a value in double quotes'))

/** A name of a label; with `more` of a metric, which may have colons. */
export const takeName = (scanner: Scanner, what: string, more?: ':'): string =>
  scanner.take(more ? name : labelName, what)

/** `{outcome="declined",method="card"}`, with a comma behind the last one if one likes; nothing at all is no labels. */
export function takeLabels(scanner: Scanner): Labels {
  const labels: Record<string, string> = Object.create(null)
  if (!scanner.has('{')) return labels
  for (;;) {
    scanner.skipBlanks()
    if (scanner.has('}')) return labels
    const label = takeName(scanner, 'the name of a label')
    scanner.skipBlanks()
    if (!scanner.has('=')) throw new Malformed(`expected = behind the label ${label}`)
    scanner.skipBlanks()
    if (label in labels) throw new Malformed(`has the label ${label} twice`)
    labels[label] = takeQuoted(scanner)
    scanner.skipBlanks()
    if (!scanner.has(',') && !scanner.rest().startsWith('}'))
      throw new Malformed('expected , or } behind a label')
  }
}

/** `payments_total{outcome="declined"}`: the name of a metric and labels. */
export function takeSeries(scanner: Scanner): { readonly name: string; readonly labels: Labels } {
  const metric = takeName(scanner, 'the name of a metric', ':')
  scanner.skipBlanks()
  return { name: metric, labels: takeLabels(scanner) }
}
