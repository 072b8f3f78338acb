import { nearest, type Problem } from '../../kernel/index.ts'
import { isAddress, nearestAddress } from './address.ts'

/** One line of a list; without a method the command line says it. */
export type ListedRequest = { readonly method?: string; readonly url: string }

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
/** RFC 9110: a method is a token. */
const token = /^[!#$%&'*+.^_`|~0-9A-Z-]+$/

type Line = ListedRequest | Omit<Problem, 'place'>

/** The method of a line, whatever its case; one that is nearly a usual one is no method of its own. */
function readMethod(text: string): { readonly method: string } | Omit<Problem, 'place'> {
  const method = text.toUpperCase()
  const usual = methods.find((one) => one === method)
  const meant = usual ? undefined : nearest(method, methods)
  if (token.test(method) && meant === undefined) return { method }
  return { at: text, text: `${text} is not a method`, ...(meant ? { didYouMean: meant } : {}) }
}

/** Absolute, or a path of the base address. */
function readUrl(text: string, base: string | undefined): Line {
  if (isAddress(text)) return { url: text }
  if (text.startsWith('/'))
    return base === undefined
      ? { at: text, text: `${text} is a path: say with --base-url what of` }
      : { url: new URL(text, base).href }
  const meant = nearestAddress(text)
  return {
    at: text,
    text: `${text} is not an address (http://… or https://…)`,
    ...(meant ? { didYouMean: meant } : {}),
  }
}

function readLine(line: string, base: string | undefined): readonly Line[] {
  // A # within an address begins its fragment, not a comment.
  const words = line
    .replace(/(^|\s)#.*$/, '')
    .split(/\s+/)
    .filter(Boolean)
  const [first, second] = words
  if (first === undefined) return []
  if (second === undefined) return [readUrl(first, base)]
  if (words.length > 2)
    return [{ at: words.join(' '), text: `${words.join(' ')} is more than a method and an address` }]
  const [method, url] = [readMethod(first), readUrl(second, base)]
  if ('method' in method && 'url' in url) return [{ ...method, ...url }]
  return [method, url].filter((one): one is Omit<Problem, 'place'> => 'text' in one)
}

/**
 * Reads a list of requests with one `[METHOD] URL` a line; # begins a comment. All problems at once.
 * @param file its name, for the places of problems
 * @param base for lines that say a path
 */
export function parseRequestList(
  text: string,
  file: string,
  base?: string,
): { readonly requests: readonly ListedRequest[]; readonly problems: readonly Problem[] } {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line, i) => readLine(line, base).map((one) => ({ one, place: `${file}:${i + 1}` })))
  const requests = lines.flatMap(({ one }) => ('url' in one ? [one] : []))
  const problems = lines.flatMap(({ one, place }) => ('url' in one ? [] : [{ ...one, place }]))
  return {
    requests,
    problems: lines.length === 0 ? [{ place: file, text: `${file} lists no address` }] : problems,
  }
}
