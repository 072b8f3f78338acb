/**
 * What becomes of a header of a request on its way to the service. `passed`: on as it is. `dropped`: it belongs to the
 * client's connection, or the gateway writes its own. `proxy`: only one that is trusted may say it. `cookie`: on without
 * the gateway's own.
 */
export type HeaderKind = 'passed' | 'dropped' | 'proxy' | 'cookie'

export type KnownHeader = { readonly lower: string; readonly kind: HeaderKind }

/** Belong to one connection and are not passed on (RFC 9110, 7.6.1); `expect` was answered by the gateway. */
export const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
])

const written = new Set(['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded'])

function kindOf(lower: string): HeaderKind {
  if (hopByHop.has(lower)) return 'dropped'
  // Services that read headers as variables (CGI, WSGI, PHP) cannot tell `_` from `-`: what forges one way forges the other.
  const read = lower.replaceAll('_', '-')
  if (written.has(read)) return 'dropped'
  if (read.startsWith('x-forwarded-') || read === 'x-real-ip') return lower === read ? 'proxy' : 'dropped'
  return lower === 'cookie' ? 'cookie' : 'passed'
}

/** Names are few and come again and again; those beyond are looked at each time, so that nobody fills the memory. */
const mostKept = 512
const longestKept = 64
const known = new Map<string, KnownHeader>()

/** @param name as it was sent */
export function headerOf(name: string): KnownHeader {
  const before = known.get(name)
  if (before) return before
  const lower = name.toLowerCase()
  const header = { lower, kind: kindOf(lower) }
  if (known.size < mostKept && name.length <= longestKept) known.set(name, header)
  return header
}
