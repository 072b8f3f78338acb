type Token =
  | { readonly is: 'star' }
  | { readonly is: 'any' }
  | { readonly is: 'char'; readonly char: string }
  | { readonly is: 'class'; readonly chars: string; readonly not: boolean }

/** A part of a path between slashes; `deep` stands for any number of them. */
type Segment = 'deep' | readonly Token[]

/** `{a,b}` may multiply a pattern at most so often: patterns come with the change. */
const alternativesLimit = 100

/** `a{b,c}d` → `abd`, `acd`; braces may be nested. */
function expandBraces(pattern: string): string[] {
  const open = pattern.indexOf('{')
  if (open < 0) return [pattern]
  const choices: string[] = []
  let depth = 0
  let from = open + 1
  for (let i = open; i < pattern.length; i++) {
    const char = pattern[i]
    if (char === '{') depth++
    if (char === '}') depth--
    if ((char === ',' && depth === 1) || (char === '}' && depth === 0)) {
      choices.push(pattern.slice(from, i))
      from = i + 1
    }
    if (depth > 0) continue
    const head = pattern.slice(0, open)
    const tail = pattern.slice(i + 1)
    const all = choices.flatMap((choice) => expandBraces(`${head}${choice}${tail}`))
    if (all.length > alternativesLimit)
      throw new RangeError(`the pattern ${pattern} has too many alternatives`)
    return all
  }
  return [pattern]
}

/** Splits into code points, so that `?` means one character for people, too. */
function tokensOf(segment: string): Token[] {
  const chars = [...segment]
  const tokens: Token[] = []
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] ?? ''
    const end = char === '[' ? chars.indexOf(']', i + 2) : -1
    if (end > 0) {
      const not = chars[i + 1] === '!' || chars[i + 1] === '^'
      tokens.push({ is: 'class', chars: chars.slice(i + (not ? 2 : 1), end).join(''), not })
      i = end
    } else if (char === '*') tokens.push({ is: 'star' })
    else if (char === '?') tokens.push({ is: 'any' })
    else tokens.push({ is: 'char', char })
  }
  return tokens
}

/** `a-z` in a class is a range. */
function inClass(chars: string, char: string): boolean {
  for (let i = 0; i < chars.length; i++) {
    const last = chars[i + 1] === '-' ? chars[i + 2] : undefined
    if (last === undefined) {
      if (chars[i] === char) return true
    } else {
      if ((chars[i] ?? '') <= char && char <= last) return true
      i += 2
    }
  }
  return false
}

function fits(token: Token, char: string): boolean {
  if (token.is === 'char') return token.char === char
  return token.is === 'class' ? inClass(token.chars, char) !== token.not : true
}

/**
 * Matches a list against a pattern with wildcards, going back to the last wildcard only: never more than
 * length × length comparisons, whatever the pattern.
 */
function matchList<P, T>(
  pattern: readonly P[],
  list: readonly T[],
  isWild: (p: P) => boolean,
  same: (p: P, item: T) => boolean,
): boolean {
  let p = 0
  let i = 0
  let wildAt = -1
  let resumeAt = 0
  while (i < list.length) {
    const want = pattern[p]
    if (want !== undefined && isWild(want)) {
      wildAt = p++
      resumeAt = i
    } else if (want !== undefined && same(want, list[i] as T)) {
      p++
      i++
    } else if (wildAt >= 0) {
      p = wildAt + 1
      i = ++resumeAt
    } else return false
  }
  return pattern.slice(p).every(isWild)
}

const matchSegment = (tokens: readonly Token[], name: string): boolean =>
  matchList(tokens, [...name], (token) => token.is === 'star', fits)

const matchPath = (segments: readonly Segment[], path: readonly string[]): boolean =>
  matchList(
    segments,
    path,
    (segment) => segment === 'deep',
    (segment, name) => segment !== 'deep' && matchSegment(segment, name),
  )

const isPlain = (segment: Segment): boolean =>
  segment !== 'deep' && segment.every((token) => token.is === 'char')

function compile(pattern: string): Segment[] {
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.')
  return parts.map((part) => (part === '**' ? 'deep' : tokensOf(part)))
}

export type Globs = {
  /** The path itself, or a folder above it, is meant. */
  matches(path: string): boolean
  /** Something below this folder could be meant. */
  reaches(folder: string): boolean
}

/**
 * Compiles globs with `*`, `?`, `[a-z]`, `{a,b}` and `**`, relative to a folder. A pattern that names a folder
 * means all that is in it; names that begin with a dot are names like others.
 * @throws RangeError when braces multiply beyond reason
 */
export function compileGlobs(patterns: readonly string[]): Globs {
  const all = patterns.flatMap(expandBraces).map(compile)
  const withBelow = all.map((segments): Segment[] =>
    segments.at(-1) === 'deep' ? segments : [...segments, 'deep'],
  )
  return {
    matches: (path) => {
      const parts = path.split('/')
      return withBelow.some((segments) => matchPath(segments, parts))
    },
    reaches: (folder) => {
      const parts = folder.split('/')
      return all.some((segments) => {
        const wild = segments.findIndex((segment) => !isPlain(segment))
        const fixed = wild < 0 ? segments : segments.slice(0, wild)
        return parts
          .slice(0, fixed.length)
          .every((part, i) => matchSegment(fixed[i] as readonly Token[], part))
      })
    },
  }
}
