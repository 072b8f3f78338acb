import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startLoad } from '../../test/support/load-client.ts'
import { gateway } from './proxies.ts'

const takesMs = 500
const mostWaiting = 200
/** Twice of what the gateway lets wait: 200 answers every half a second. */
const perSecond = 800

/** Answers each request after half a second, whatever it is; health checks at once. */
async function startSlow(): Promise<{ port: number; close(): void }> {
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow'
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (head) => {
      const isCheck = head.toString('latin1').startsWith('GET /count ')
      setTimeout(() => socket.write(answer), isCheck ? 0 : takesMs)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}

/** Highest resident memory so far, in MB (proc(5)). */
const peakMegabytes = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024

/** More than a slow upstream and the limit let through: what the client was told, and what the gateway counted. */
export async function overload(folder: string, seconds: number): Promise<void> {
  const slow = await startSlow()
  const proxy = await gateway(folder, slow.port, mostWaiting)
  const before = peakMegabytes(proxy.pid)
  const traffic = startLoad({
    ...{ host: '127.0.0.1', port: proxy.port, ratePerSecond: perSecond, newConnectionShare: 0.1 },
    mix: () => ({ method: 'GET', path: '/' }),
  })
  await sleep(seconds * 1_000)
  const { sent, answered, lost } = await traffic.stop()
  const seen = await proxy.seen?.()
  const live = seen?.counts.live
  console.log(
    `overload: ${perSecond}/s for ${seconds} s at a service that takes ${takesMs} ms, at most ${mostWaiting} waiting`,
  )
  console.log(`client: ${sent} sent, answered ${JSON.stringify(answered)}, lost ${JSON.stringify(lost)}`)
  // The bench's own question, whether it answers, is one of them.
  console.log(
    `gateway: ${live?.accepted} accepted, ${live?.answered} answered, ${live?.lost} lost, ${seen?.refused} refused; memory ${before.toFixed(0)} MB, then at most ${peakMegabytes(proxy.pid).toFixed(0)} MB`,
  )
  await proxy.stop()
  slow.close()
}
