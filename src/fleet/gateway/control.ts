import { rename } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { TrafficSeen } from '../traffic.ts'
import { type GatewayTable, gatewayTable } from './table.ts'

export type Controlled = {
  readonly seen: () => TrafficSeen
  /** @returns false when an equal or newer table is served that this one must not replace */
  readonly apply: (table: GatewayTable) => boolean
}

const longestTable = 1_000_000

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of incoming.setEncoding('utf8')) {
    text += part
    if (text.length > longestTable) throw new Error('the table is too long')
  }
  return text
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' })
  response.end(JSON.stringify(body))
}

async function takeTable(controlled: Controlled, incoming: IncomingMessage): Promise<[number, unknown]> {
  try {
    const table = gatewayTable.parse(JSON.parse(await bodyOf(incoming)))
    return controlled.apply(table) ? [200, {}] : [409, { because: 'a newer table is served' }]
  } catch (error) {
    return [400, { because: String(error) }]
  }
}

/**
 * Listens for the server on `control.sock` of the current folder. The name is taken over in one step from a gateway
 * that leaves, and whose own closing then finds only its private name to remove.
 */
export async function serveControl(controlled: Controlled): Promise<Server> {
  const server = createServer(async (incoming, response) => {
    const asked = `${incoming.method} ${incoming.url}`
    if (asked === 'GET /seen') return answer(response, 200, controlled.seen())
    if (asked === 'POST /table') return answer(response, ...(await takeTable(controlled, incoming)))
    answer(response, 404, {})
  })
  const own = `control.${process.pid}.sock`
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path: own, backlog: 16 }, resolve)
  })
  await rename(own, 'control.sock')
  return server
}
