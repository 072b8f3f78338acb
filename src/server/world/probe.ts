import { request } from 'node:http'

/** An instance that takes longer than this to say that it is well is not well. */
const probeTimeoutMs = 1_000

/** Asks an instance on this machine for its health: any 2xx is well. Each on a connection of its own. */
export function probe(port: number, path: string): Promise<{ ok: boolean; because?: string }> {
  return new Promise((resolve) => {
    const asked = request(
      { host: '127.0.0.1', port, path, agent: false, timeout: probeTimeoutMs },
      (response) => {
        response.resume()
        const status = response.statusCode ?? 0
        const ok = status >= 200 && status < 300
        resolve(ok ? { ok } : { ok, because: `${path} answered ${status}` })
      },
    )
    asked.on('timeout', () => asked.destroy(new Error(`${path} did not answer within ${probeTimeoutMs} ms`)))
    asked.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ ok: false, because: error.code ?? error.message }),
    )
    asked.end()
  })
}
