import { PlimsollError } from '../../kernel/index.ts'
import type { RequestSpec } from './engine-plan.ts'

const withBody = new Set(['POST', 'PUT', 'PATCH'])
const isToken = (text: string): boolean => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text)
// biome-ignore lint/suspicious/noControlCharactersInRegex: these would end the line, or mean something else
const isValue = (text: string): boolean => !/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text)

/**
 * The bytes of a request, made once and sent often.
 * @throws PLM_LOAD_REQUEST when a method or header would not be one
 */
export function requestBytes(
  { method, url, headers, body }: RequestSpec,
  keepAlive: boolean,
): { readonly bytes: Buffer; readonly isHead: boolean } {
  const { host, pathname, search } = new URL(url)
  const given = new Set(headers.map(([name]) => name.toLowerCase()))
  const payload = body === undefined ? undefined : Buffer.from(body, 'base64')
  if (!isToken(method)) throw new PlimsollError('PLM_LOAD_REQUEST', `${method} is not a method`)
  for (const [name, value] of headers)
    if (!isToken(name) || !isValue(value))
      throw new PlimsollError('PLM_LOAD_REQUEST', `${name} is not a header that can be sent`)
  const lines = [
    `${method} ${pathname}${search} HTTP/1.1`,
    ...(given.has('host') ? [] : [`host: ${host}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(given.has('user-agent') ? [] : ['user-agent: plimsoll']),
    ...(given.has('accept') ? [] : ['accept: */*']),
    ...(keepAlive || given.has('connection') ? [] : ['connection: close']),
    ...(payload || withBody.has(method) ? [`content-length: ${payload?.length ?? 0}`] : []),
  ]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  return { bytes: payload ? Buffer.concat([head, payload]) : head, isHead: method === 'HEAD' }
}
