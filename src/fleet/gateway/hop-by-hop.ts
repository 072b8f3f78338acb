/** Belong to one connection and are not passed on (RFC 9110, 7.6.1); `expect` was answered by the gateway. */
const hopByHop = new Set([
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

const none: readonly string[] = []

/** Names in lower case. */
export const namedByConnection = (value: string | undefined): readonly string[] =>
  value === undefined || value === 'keep-alive' || value === 'close'
    ? none
    : value.split(',').map((name) => name.trim().toLowerCase())

/** Whether a header is meant for whoever gets the message in the end. @param name in lower case */
export const isEndToEnd = (name: string, named: readonly string[]): boolean =>
  !hopByHop.has(name) && !named.includes(name)
