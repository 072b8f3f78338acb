import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Commands } from '../../host/index.ts'
import type { App } from './app.ts'

/** GET /api/runs/:id/steps/:step/log: the kept, masked output of one try, as text; with `follow` until it ends. */
export function logRoutes(app: App, commands: Commands): void {
  const params = z.object({ id: z.string(), step: z.string() })
  const querystring = z.object({
    from: z.coerce.number().int().nonnegative().default(0),
    follow: z.string().optional(),
  })
  app.get('/api/runs/:id/steps/:step/log', { schema: { params, querystring } }, (request, reply) => {
    const { id, step } = request.params
    const { from, follow } = request.query
    const gone = new AbortController()
    reply.raw.on('close', () => gone.abort())
    const wantsMore = follow !== undefined && follow !== '0'
    const bytes = commands.log(`run/${id}/${step}`, from, wantsMore, gone.signal)
    return reply
      .type('text/plain; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(Readable.from(bytes, { objectMode: false }))
  })
}
