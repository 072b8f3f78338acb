import { z } from 'zod'
import { doneAnswer, tokenAnswer, tokenRequest, tokensView } from '../../contract/index.ts'
import type { Tokens } from '../tokens.ts'
import type { App } from './app.ts'

/** Who may write: named tokens. */
export function tokenRoutes(app: App, tokens: Tokens): void {
  const named = z.object({ name: z.string() })
  app.get('/api/tokens', { schema: { response: { 200: tokensView } } }, async () => ({
    schemaVersion: 1 as const,
    tokens: await tokens.list(),
  }))
  app.post(
    '/api/tokens',
    { schema: { body: tokenRequest, response: { 200: tokenAnswer } } },
    async ({ body }) => ({
      schemaVersion: 1 as const,
      name: body.name,
      token: await tokens.add(body.name, body.role),
    }),
  )
  app.delete(
    '/api/tokens/:name',
    { schema: { params: named, response: { 200: doneAnswer } } },
    async ({ params }) => {
      await tokens.remove(params.name)
      return { schemaVersion: 1 as const, done: true }
    },
  )
}
