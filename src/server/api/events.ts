import { z } from 'zod'
import type { EventView } from '../../contract/index.ts'
import type { Journal, StoredEvent } from '../../store/index.ts'
import type { App } from './app.ts'

const heartbeatMs = 15_000

type Body = { readonly service?: string; readonly environment?: string } | null

/** Only that something changed and what it belongs to; whoever is interested looks again. */
function eventViewOf({ seq, at, type, of, body }: StoredEvent): EventView {
  const { service, environment } = (body as Body) ?? {}
  return {
    seq,
    at,
    type,
    kind: of.kind,
    id: of.id,
    ...(service ? { service } : {}),
    ...(environment ? { environment } : {}),
  }
}

/** GET /api/events: server-sent events, from `after` or Last-Event-ID on. */
export function eventRoutes(app: App, journal: Journal): void {
  const query = z.object({ after: z.coerce.number().int().nonnegative().optional() })
  app.get('/api/events', { schema: { querystring: query } }, async (request, reply) => {
    const header = request.headers['last-event-id']
    let cursor = Number(header ?? request.query.after ?? (await journal.newest()))
    reply.hijack()
    const out = reply.raw
    out.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    out.write(': hello\n\n')
    let sending = Promise.resolve()
    const send = async () => {
      for (const event of await journal.events(cursor, 500)) {
        cursor = event.seq
        out.write(`id: ${event.seq}\ndata: ${JSON.stringify(eventViewOf(event))}\n\n`)
      }
    }
    const more = () => {
      sending = sending.then(send).catch(() => void out.destroy())
    }
    const unwatch = journal.watch(more)
    const heartbeat = setInterval(() => out.write(': still here\n\n'), heartbeatMs)
    out.on('close', () => {
      unwatch()
      clearInterval(heartbeat)
    })
    more()
  })
}
