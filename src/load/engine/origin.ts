import { lookup } from 'node:dns/promises'
import { connect, type OnReadOpts, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { PlimsollError } from '../../kernel/errors.ts'

/** Where requests go: one scheme, host and port, with the address that the name had at the start. */
export type Origin = {
  readonly secure: boolean
  readonly host: string
  readonly address: string
  readonly port: number
  /** For the Host header: the port is left out where it is the usual one. */
  readonly authority: string
}

/** The origin of an address, before its name was looked up. */
export function originOf(url: URL): Omit<Origin, 'address'> {
  const secure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return { secure, host, port: Number(url.port || (secure ? 443 : 80)), authority: url.host }
}

export const originKey = (url: URL): string => `${url.protocol}//${url.host}`

const tryMs = 1_000

/** Whether something listens there. */
function accepts(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: tryMs })
    const tell = (found: boolean) => () => {
      socket.destroy()
      resolve(found)
    }
    socket.once('connect', tell(true)).once('error', tell(false)).once('timeout', tell(false))
  })
}

/** Of several addresses the first that accepts a connection: `localhost` is often ::1 first, where nothing listens. */
export async function chooseAddress(addresses: readonly string[], port: number): Promise<string | undefined> {
  if (addresses.length > 1) for (const address of addresses) if (await accepts(address, port)) return address
  return addresses[0]
}

/**
 * Looks a name up, once: the load is not to measure the resolver.
 * @throws PLM_LOAD_TARGET when the name has no address
 */
export async function findOrigin(url: URL): Promise<Origin> {
  const origin = originOf(url)
  const refuse = (because: string, cause?: unknown) =>
    new PlimsollError('PLM_LOAD_TARGET', `${origin.host} has no address (${because})`, { cause })
  const found = await lookup(origin.host, { all: true }).catch((error: NodeJS.ErrnoException) => {
    throw refuse(error.code ?? 'no answer', error)
  })
  const addresses = [...new Set(found.map(({ address }) => address))]
  const address = await chooseAddress(addresses, origin.port)
  if (address === undefined) throw refuse('none was found')
  return { ...origin, address }
}

/** Opens a connection; `onRead` gets every piece of what is received in a buffer that is used again. */
export function openSocket(
  { secure, address, host, port }: Origin,
  insecure: boolean,
  buffer: Buffer,
  onRead: (length: number, bytes: Buffer) => void,
): Socket {
  if (!secure) {
    const onread: OnReadOpts = {
      buffer,
      callback: (length, bytes) => {
        onRead(length, bytes as Buffer)
        return true
      },
    }
    return connect({ host: address, port, noDelay: true, onread })
  }
  const isName = /[a-z]/i.test(host) && !host.includes(':')
  const socket = connectTls({
    host: address,
    port,
    rejectUnauthorized: !insecure,
    ...(isName ? { servername: host } : {}),
    ALPNProtocols: ['http/1.1'],
  })
  socket.setNoDelay(true)
  socket.on('data', (bytes: Buffer) => onRead(bytes.length, bytes))
  return socket
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  ETIMEDOUT: 'no connection in time',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  EMFILE: 'out of file descriptors',
  ENFILE: 'out of file descriptors',
  EADDRNOTAVAIL: 'out of local ports',
}

/** Why a connection failed, in words. */
export const whyOf = (error: NodeJS.ErrnoException): string =>
  reasons[error.code ?? ''] ?? (error.code ? `${error.code}: ${error.message}` : error.message)
