import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { checkKey, taskKey } from '../../deploy/index.ts'
import type { AllCommands } from '../../engine/index.ts'
import type { Key } from '../../kernel/index.ts'
import type { App } from './app.ts'

const taskName = z.enum(['wake', 'migrate', 'smokeBefore', 'smokeAfter'])

/** Where to begin, in bytes, and whether to go on until the command has ended. */
export const logQuery = z.object({
  from: z.coerce.number().int().nonnegative().default(0),
  follow: z.string().optional(),
})

/** The kept, masked output of a command as text; with `follow` until it ends. */
export function sendLog(
  commands: Pick<AllCommands, 'log'>,
  key: Key,
  { from, follow }: z.output<typeof logQuery>,
  reply: Pick<FastifyReply, 'raw' | 'type'>,
) {
  const gone = new AbortController()
  reply.raw.on('close', () => gone.abort())
  const wantsMore = follow !== undefined && follow !== '0'
  const bytes = commands.log(key, from, wantsMore, gone.signal)
  return reply
    .type('text/plain; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(Readable.from(bytes, { objectMode: false }))
}

/** The output of one try of a step, of a gate's command, and of one command of a deployment. */
export function logRoutes(app: App, commands: AllCommands): void {
  const params = z.object({ id: z.string(), step: z.string() })
  app.get(
    '/api/runs/:id/steps/:step/log',
    { schema: { params, querystring: logQuery } },
    (request, reply) => {
      const { id, step } = request.params
      return sendLog(commands, `run/${id}/${step}`, request.query, reply)
    },
  )
  app.get(
    '/api/checks/:id/log',
    { schema: { params: z.object({ id: z.string() }), querystring: logQuery } },
    (request, reply) => sendLog(commands, checkKey(request.params.id), request.query, reply),
  )
  app.get(
    '/api/deployments/:id/tasks/:task/log',
    { schema: { params: z.object({ id: z.string(), task: taskName }), querystring: logQuery } },
    (request, reply) => {
      const { id, task } = request.params
      return sendLog(commands, taskKey({ id }, { task }), request.query, reply)
    },
  )
}
