import { request } from 'node:http'
import { join } from 'node:path'
import type { TrafficSeen } from '../traffic.ts'
import { type GatewayTable, isOlder } from './table.ts'
import { readTable, writeTable } from './table-file.ts'

const patienceMs = 1_000

const unseen: TrafficSeen = {
  reachable: false,
  revision: 0,
  generation: '',
  upstreams: [],
  counts: {},
  refused: 0,
  lost: [],
}

type Said = { readonly status: number; readonly body: string }

/** @returns undefined when nobody answers in time */
function ask(folder: string, method: string, path: string, body = ''): Promise<Said | undefined> {
  return new Promise((resolve) => {
    const asked = request(
      {
        socketPath: join(folder, 'control.sock'),
        method,
        path,
        agent: false,
        signal: AbortSignal.timeout(patienceMs),
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => (text += part))
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }))
        answer.on('error', () => resolve(undefined))
      },
    )
    asked.on('error', () => resolve(undefined))
    asked.end(body)
  })
}

/** What the server asks of a gateway, and hears from it. */
export interface GatewayControl {
  /** Writes the table and tells the process. An older one than is there already is ignored. */
  apply(table: GatewayTable): Promise<void>
  /** `reachable` is false when nobody answers within a second. */
  seen(): Promise<TrafficSeen>
}

/** @param folder the gateway's own, as given to `startGateway` */
export const gatewayControl = (folder: string): GatewayControl => ({
  async apply(table) {
    const there = await readTable(folder)
    if (there && isOlder(table, there)) return
    await writeTable(folder, table)
    // Should nobody hear it: whoever runs later reads the file.
    await ask(folder, 'POST', '/table', JSON.stringify(table))
  },
  async seen() {
    const said = await ask(folder, 'GET', '/seen')
    return said?.status === 200 ? (JSON.parse(said.body) as TrafficSeen) : unseen
  },
})
