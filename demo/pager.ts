import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type MessageBody, messageBody } from '../src/notify/plan/message.ts'
import { until } from '../test/support/story.ts'

/** Who is paged: keeps what it is told, and when. */
export type Pager = {
  readonly url: string
  /** The first message of that type, once it has come. */
  told(
    type: MessageBody['type'],
    limitMs: number,
  ): Promise<{ readonly at: number; readonly body: MessageBody }>
  close(): void
}

export async function startPager(): Promise<Pager> {
  const received: { at: number; body: MessageBody }[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += piece
    received.push({ at: Date.now(), body: messageBody.parse(JSON.parse(text)) })
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    told: (type, limitMs) =>
      until(type, async () => received.find(({ body }) => body.type === type), limitMs),
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
