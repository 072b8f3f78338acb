import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import { PlimsollError } from '../../kernel/index.ts'
import type { App } from './app.ts'

/** Where the built page lies, seen from the source (whose own `web/` no browser understands) and from the build. */
export const pageFolder = (module: string): string =>
  fileURLToPath(new URL(module.endsWith('.ts') ? '../../../dist/web/' : '../../web/', module))

const notBuilt =
  '<!doctype html><title>Plimsoll</title><p>The page is not built: <code>npm run build:web</code>. The API is at /api/openapi.json.'

/** Files are named after what is in them; the first one names them, and is another after an upgrade. */
const keptFor = (path: string): string =>
  path.endsWith('.html') ? 'no-cache' : 'public, max-age=31536000, immutable'

/** The page: files as built, and the same first file for every address that is the page’s own. */
export async function pageRoutes(app: App): Promise<void> {
  const folder = pageFolder(import.meta.url)
  const root = existsSync(`${folder}index.html`) ? folder : undefined
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger())
  if (root)
    await app.register(fastifyStatic, {
      root,
      wildcard: false,
      cacheControl: false,
      setHeaders: (reply, path) => void reply.header('cache-control', keptFor(path)),
      index: ['index.html'],
    })
  app.setNotFoundHandler((request, reply) => {
    const isPage =
      request.method === 'GET' && !['/api/', '/git/', '/assets/'].some((one) => request.url.startsWith(one))
    if (!isPage)
      throw new PlimsollError(
        'PLM_NOT_FOUND',
        `there is nothing at ${request.method} ${request.url.split('?')[0]}`,
      )
    if (root) return reply.sendFile('index.html', root)
    return reply.type('text/html').send(notBuilt)
  })
}
