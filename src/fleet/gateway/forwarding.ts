import { type Address, addressText, isWithin, type Network, readAddress } from './addresses.ts'
import { type Pairs, readForwarded } from './forwarded.ts'

/** What a request says of whom it is asked for. */
export type Said = {
  readonly 'x-forwarded-for'?: string | undefined
  readonly 'x-forwarded-proto'?: string | undefined
  readonly 'x-forwarded-host'?: string | undefined
  readonly forwarded?: string | undefined
  readonly host?: string | undefined
}

/** Whom a request is asked for, as far as that is believed. */
export type Origin = {
  /** Addresses that it came through: the client's first, that of the gateway's own peer last. */
  readonly hops: readonly string[]
  /** How the client speaks. */
  readonly proto: 'http' | 'https'
  /** Whom the client asked. */
  readonly host: string | undefined
  /** The peer may say more of it, in other headers. */
  readonly isTrusted: boolean
}

type Peer = { readonly text: string; readonly isTrusted: boolean; readonly alone: readonly string[] }

/** More proxies than this there are not in front of each other. */
const mostHops = 16
const peersKept = 4_096
/** A name or an address, and a port: no user, no path, and no second reading (RFC 3986, 3.2.2). */
export const authority = /^[\w.~!$&'()*+,;=%:[\]-]*$/

/** An entry of X-Forwarded-For: an address, with a port perhaps. */
function entryIn(text: string): Address | undefined {
  const entry = text.trim()
  const [, bracketed] = /^\[([\da-f:.]+)\](?::\d{1,5})?$/i.exec(entry) ?? []
  if (bracketed !== undefined) return bracketed.includes(':') ? readAddress(bracketed) : undefined
  const [, four] = /^([\d.]+):\d{1,5}$/.exec(entry) ?? []
  return readAddress(four ?? entry)
}

/** In `Forwarded` an address of IPv6 has its brackets, always (RFC 7239, 6). */
const nodeIn = (text = ''): Address | undefined =>
  text.startsWith('[') || !/:.*:/.test(text) ? entryIn(text) : undefined

/** Who says several things says nothing: which of them is the client's word, nobody knows. */
function protoIn(value: string | undefined): 'http' | 'https' {
  if (value === undefined) return 'http'
  const [first, ...others] = value.toLowerCase().split(',')
  const said = first?.trim()
  return said === 'https' && others.every((one) => one.trim() === said) ? 'https' : 'http'
}

const hostIn = (value: string | undefined): string | undefined =>
  value !== undefined && value !== '' && !value.includes(',') && authority.test(value) ? value : undefined

/**
 * Who may say for whom a request is asked. Each word counts as much as whoever says it: the peer is asked first, and as
 * long as one is trusted, what it says of the one before it is believed.
 */
export class Proxies {
  readonly #trusted: readonly Network[]
  readonly by: 'x-forwarded-for' | 'forwarded'
  /** By their addresses: a peer has many requests, and networks are looked through once. */
  readonly #peers = new Map<string, Peer>()

  constructor(trusted: readonly Network[], by: 'x-forwarded-for' | 'forwarded') {
    this.#trusted = trusted
    this.by = by
  }

  /** @param remoteAddress of the connection, as Node says it */
  origin(said: Said, remoteAddress: string | undefined): Origin {
    const peer = this.#peer(remoteAddress ?? '')
    if (!peer.isTrusted) return { hops: peer.alone, proto: 'http', host: said.host, isTrusted: false }
    return this.by === 'forwarded' ? this.#byForwarded(said, peer) : this.#byChain(said, peer)
  }

  #byChain(said: Said, peer: Peer): Origin {
    const chain = said['x-forwarded-for']
    const hops = chain === undefined ? peer.alone : this.#hopsIn(chain, peer)
    const proto = protoIn(said['x-forwarded-proto'])
    return { hops, proto, host: hostIn(said['x-forwarded-host']) ?? said.host, isTrusted: true }
  }

  #hopsIn(chain: string, peer: Peer): readonly string[] {
    const hops = [peer.text]
    const entries = chain.split(',')
    for (let entry = entries.pop(); entry !== undefined && hops.length < mostHops; entry = entries.pop()) {
      const address = entryIn(entry)
      if (!address) break
      hops.unshift(addressText(address))
      if (!this.#isTrusted(address)) break
    }
    return hops
  }

  #byForwarded(said: Said, peer: Peer): Origin {
    const hops = [peer.text]
    const elements = [...(readForwarded(said.forwarded ?? '') ?? [])]
    let last: Pairs | undefined
    for (let one = elements.pop(); one && hops.length < mostHops; one = elements.pop()) {
      const address = nodeIn(one.get('for'))
      last = one
      if (!address) break
      hops.unshift(addressText(address))
      if (!this.#isTrusted(address)) break
    }
    return {
      hops,
      proto: protoIn(last?.get('proto')),
      host: hostIn(last?.get('host')) ?? said.host,
      isTrusted: true,
    }
  }

  #isTrusted(address: Address): boolean {
    return this.#trusted.some((network) => isWithin(address, network))
  }

  #peer(remoteAddress: string): Peer {
    const known = this.#peers.get(remoteAddress)
    if (known) return known
    // A zone says through which of this machine's own links it came.
    const address = readAddress(remoteAddress.replace(/%.*$/, ''))
    const text = address ? addressText(address) : 'unknown'
    const peer = { text, isTrusted: address !== undefined && this.#isTrusted(address), alone: [text] }
    if (this.#peers.size >= peersKept) this.#peers.clear()
    this.#peers.set(remoteAddress, peer)
    return peer
  }
}

const nodeText = (hop: string): string => (hop.includes(':') ? `"[${hop}]"` : hop)

/** The origin as lines of a head, for services that read either way. */
export function originLines({ hops, proto, host }: Origin, by: Proxies['by']): string {
  const named = host === undefined ? '' : `X-Forwarded-Host: ${host}\r\n`
  const chain = hops.length === 1 ? hops[0] : hops.join(', ')
  const lines = `X-Forwarded-For: ${chain}\r\nX-Forwarded-Proto: ${proto}\r\n${named}`
  if (by !== 'forwarded') return lines
  const [client = '', ...others] = hops.map((hop) => `for=${nodeText(hop)}`)
  const whom = host === undefined ? '' : `;host="${host.replace(/["\\]/g, '\\$&')}"`
  return `${lines}Forwarded: ${[`${client};proto=${proto}${whom}`, ...others].join(', ')}\r\n`
}
