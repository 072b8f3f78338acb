const line = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*$/

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }

/** `"two\nlines"` with escapes, `'as it is'`, or bare up to a ` #` comment; undefined when a quote stays open. */
function readValue(text: string): string | undefined {
  const double = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(text)
  if (double) return (double[1] ?? '').replace(/\\(.)/g, (all, letter: string) => escapes[letter] ?? all)
  const single = /^'([^']*)'\s*(?:#.*)?$/.exec(text)
  if (single) return single[1]
  return /^["']/.test(text) ? undefined : text.replace(/(^|\s+)#.*$/, '')
}

export type SecretsFile = {
  readonly values: ReadonlyMap<string, string>
  /** Numbers (from 1) of lines that cannot be read; their text is never repeated. */
  readonly badLines: readonly number[]
}

/** Reads `NAME=value` lines; empty lines and `#` comments are skipped, the last value of a name counts. */
export function parseSecretsFile(text: string): SecretsFile {
  const values = new Map<string, string>()
  const badLines: number[] = []
  text.split(/\r?\n/).forEach((content, index) => {
    if (/^\s*(#.*)?$/.test(content)) return
    const [, name, rest = ''] = line.exec(content) ?? []
    const value = readValue(rest)
    if (name === undefined || value === undefined) badLines.push(index + 1)
    else values.set(name, value)
  })
  return { values, badLines }
}
