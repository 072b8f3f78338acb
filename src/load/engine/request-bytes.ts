import { PlimsollError } from '../../kernel/errors.ts'
import type { RequestSpec } from './engine-plan.ts'

const withBody = new Set(['POST', 'PUT', 'PATCH'])
const isToken = (text: string): boolean => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text)
// biome-ignore lint/suspicious/noControlCharactersInRegex: these would end the line, or mean something else
const isValue = (text: string): boolean => !/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)

/**
 * The head of a request.
 * @param bodyBytes length of its body; undefined when it has none
 * @throws PLM_LOAD_REQUEST when a method or header would not be one
 */
export function headOf(
  method: string,
  authority: string,
  path: string,
  headers: readonly (readonly [string, string])[],
  bodyBytes: number | undefined,
  keepAlive: boolean,
): Buffer {
  if (!isToken(method)) throw new PlimsollError('PLM_LOAD_REQUEST', `${method} is not a method`)
  let text = `${method} ${path} HTTP/1.1\r\n`
  const given = new Set<string>()
  for (const [name, value] of headers) {
    if (!isToken(name) || !isValue(value))
      throw new PlimsollError('PLM_LOAD_REQUEST', `${name} is not a header that can be sent`)
    given.add(name.toLowerCase())
    text += `${name}: ${value}\r\n`
  }
  if (!given.has('host')) text += `host: ${authority}\r\n`
  if (!given.has('user-agent')) text += 'user-agent: plimsoll\r\n'
  if (!given.has('accept')) text += 'accept: */*\r\n'
  if (!keepAlive && !given.has('connection')) text += 'connection: close\r\n'
  if (bodyBytes !== undefined || withBody.has(method)) text += `content-length: ${bodyBytes ?? 0}\r\n`
  return Buffer.from(`${text}\r\n`, 'latin1')
}

/** The bytes of a request, made once and sent often. */
export function requestBytes(
  { method, url, headers, body }: RequestSpec,
  keepAlive: boolean,
): { readonly bytes: Buffer; readonly isHead: boolean } {
  const { host, pathname, search } = new URL(url)
  const payload = body === undefined ? undefined : Buffer.from(body, 'base64')
  const head = headOf(method, host, `${pathname}${search}`, headers, payload?.length, keepAlive)
  return { bytes: payload ? Buffer.concat([head, payload]) : head, isHead: method === 'HEAD' }
}
