import type { Socket } from 'node:net'
import { Frames } from './frames.ts'

/** How a tunnel ended: in order, by its client breaking off, or by its upstream. */
export type TunnelEnd = 'closed' | 'client broke off' | 'upstream broke off'

export type Ends = {
  readonly client: Socket
  readonly upstream: Socket
  /** Frames are followed, so that a service that broke off can be told from one that closed. */
  readonly isWebSocket: boolean
}

export interface Tunnel {
  /** Closes in order: both sides of a WebSocket are told, where a frame may follow; then the connections end. */
  close(): void
}

/** How long the other side may take to close as well, once one has. */
const lingerMs = 2_000
/** As in the front: a peer that is gone without a word is noticed by the kernel. */
const probeAfterMs = 60_000

/** One direction of a tunnel. */
function flow(from: Socket, to: Socket, follow: boolean): { frames: Frames; end(frame: Buffer): void } {
  const frames = new Frames()
  if (follow) from.on('data', (part: Buffer) => frames.push(part))
  from.pipe(to)
  return {
    frames,
    end(frame) {
      from.unpipe(to)
      from.resume()
      if (follow && frames.isBetween && !frames.closed) to.write(frame)
      to.end()
    },
  }
}

/** Bytes go both ways, each no faster than they are taken. @param ended called once, when the client's side is closed */
export function openTunnel({ client, upstream, isWebSocket }: Ends, ended: (how: TunnelEnd) => void): Tunnel {
  let how: TunnelEnd | undefined
  let linger: NodeJS.Timeout | undefined

  /** The first reason counts. What is on its way still arrives, for as long as the other side needs, but not longer. */
  const finish = (reason: TunnelEnd) => {
    how ??= reason
    linger ??= setTimeout(() => {
      client.destroy()
      upstream.destroy()
    }, lingerMs)
  }
  upstream.setTimeout(0)
  upstream.setKeepAlive(true, probeAfterMs)
  const up = flow(client, upstream, isWebSocket)
  const down = flow(upstream, client, isWebSocket)
  if (isWebSocket) {
    client.on('end', () => finish('closed'))
    upstream.on('end', () => finish(down.frames.closed ? 'closed' : 'upstream broke off'))
  }
  client.on('error', () => finish('client broke off'))
  upstream.on('error', () => finish('upstream broke off'))
  client.on('close', () => {
    finish('closed')
    upstream.destroySoon()
    ended(how ?? 'closed')
  })
  upstream.on('close', () => {
    client.end()
    if (client.destroyed) clearTimeout(linger)
    else finish('closed')
  })

  return {
    close() {
      finish('closed')
      down.end(closeFrame('server'))
      up.end(closeFrame('client'))
    },
  }
}

const closing = 0x88
/** The server starts again (1012), says the gateway for it; its client goes away (1001). Clients must mask: with zeros. */
const closeFrame = (as: 'server' | 'client'): Buffer =>
  Buffer.from(as === 'server' ? [closing, 2, 0x03, 0xf4] : [closing, 0x82, 0, 0, 0, 0, 0x03, 0xe9])
