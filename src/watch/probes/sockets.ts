import { Resolver } from 'node:dns/promises'
import { connect as connectTcp, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Certificate, DnsProbe, TlsProbe } from './plan/expectations.ts'

/** Resolves when a connection is taken. @throws what the connection does */
export function askTcp(host: string, port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host, port, signal }, () => {
      socket.destroy()
      resolve()
    })
    socket.on('error', reject)
  })
}

/** The certificate that is shown for a name, whether it is trusted or not. @throws what the connection does */
export function askTls({ host, port }: TlsProbe, signal: AbortSignal): Promise<Certificate> {
  return new Promise((resolve, reject) => {
    const name = isIP(host) === 0 ? { servername: host } : {}
    const socket = connectTls({ host, port, ...name, rejectUnauthorized: false }, () => {
      const { valid_to: end } = socket.getPeerCertificate()
      const distrust = socket.authorized ? undefined : String(socket.authorizationError)
      socket.destroy()
      if (end) resolve({ endsAt: Date.parse(end), distrust })
      else reject(new Error('it shows no certificate'))
    })
    const giveUp = () => socket.destroy(signal.reason as Error)
    signal.addEventListener('abort', giveUp, { once: true })
    socket.on('close', () => signal.removeEventListener('abort', giveUp))
    socket.on('error', reject)
  })
}

const noAnswer = new Set(['ENODATA', 'ENOTFOUND'])

/** What a name leads to, each as a text. @throws what the resolver does, but for a name that leads nowhere */
export async function askDns(
  { host, type, server }: DnsProbe,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const resolver = new Resolver({ tries: 1 })
  if (server !== undefined) resolver.setServers([server])
  const giveUp = () => resolver.cancel()
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    const found: readonly unknown[] = [await resolver.resolve(host, type)].flat()
    return found.map((one) => {
      if (Array.isArray(one)) return one.join('')
      return typeof one === 'object' && one !== null && 'exchange' in one ? String(one.exchange) : String(one)
    })
  } catch (error) {
    if (noAnswer.has((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
