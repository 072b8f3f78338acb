import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { type Repositories, serveGit } from '../../changes/index.ts'
import { PlimsollError } from '../../kernel/index.ts'
import type { Pushes } from '../pushes.ts'
import { type Tokens, tokenIn } from '../tokens.ts'
import type { App } from './app.ts'

type Deps = {
  readonly repositories: Repositories
  readonly tokens: Tokens
  readonly pushes: Pushes
  readonly logger: Logger
}

const signInHeaders = { 'www-authenticate': 'Basic realm="Plimsoll: any user name, the token as password"' }

/** Public address of this server, as the client called it. */
const calledBy = (request: FastifyRequest): string =>
  `${request.protocol}://${request.headers.host ?? 'localhost'}`

/** /git/SERVICE.git: stock git, behind the same tokens as everything else. */
export function gitRoutes(app: App, { repositories, tokens, pushes, logger }: Deps): void {
  app.register(async (git: FastifyInstance) => {
    // Bodies go to git as they come.
    git.removeAllContentTypeParsers()
    git.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
    git.all('/git/:repository/*', async (request, reply) => {
      const token = tokenIn(request.headers.authorization)
      const known = token ? await tokens.find(token) : undefined
      if (known?.role !== 'everything') {
        request.raw.resume()
        return reply
          .code(401)
          .headers(signInHeaders)
          .type('text/plain')
          .send('Plimsoll needs a token: any user name, the token as password.\n')
      }
      const name = (request.params as { repository: string }).repository
      if (!name.endsWith('.git'))
        throw new PlimsollError('PLM_NOT_FOUND', `there is no repository ${name}; it would end in .git`)
      const service = name.slice(0, -'.git'.length)
      const repository = await repositories.open(service)
      reply.hijack()
      const [pathname = '', query = ''] = (request.raw.url ?? '').split('?')
      const path = pathname.slice(`/git/${name}`.length)
      const onLog = (line: string) => logger.info({ service, line }, 'git')
      await serveGit(request.raw, reply.raw, {
        repository,
        service,
        user: known.name,
        path,
        query,
        url: calledBy(request),
        onLog,
      })
      if (path === '/git-receive-pack') await pushes.take(service, known.name)
    })
  })
}
