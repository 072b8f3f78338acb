import { spawn } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { gitEnvironment } from './git.ts'

export type GitRequest = {
  /** Path of the bare repository. */
  readonly repository: string
  readonly service: string
  /** Who asks: git writes it into its log of refs. */
  readonly user: string
  /** Path after the repository, such as `/info/refs`. */
  readonly path: string
  readonly query: string
  /** Public address of this server, told to whoever pushes. */
  readonly url: string
  readonly onLog: (line: string) => void
}

const paths = new Set(['/info/refs', '/git-upload-pack', '/git-receive-pack'])
const services = new Set(['git-upload-pack', 'git-receive-pack'])

/** Only what a push, a fetch and a clone need; nothing of the old dumb protocol. */
function isAllowed({ path, query }: GitRequest): boolean {
  if (!paths.has(path)) return false
  return path !== '/info/refs' || services.has(new URLSearchParams(query).get('service') ?? '')
}

/** The variables by which git's CGI program learns of the request (RFC 3875). */
const cgiVariables = (request: IncomingMessage, to: GitRequest): Record<string, string> => ({
  REQUEST_METHOD: request.method ?? 'GET',
  PATH_TRANSLATED: `${to.repository}${to.path}`,
  QUERY_STRING: to.query,
  CONTENT_TYPE: request.headers['content-type'] ?? '',
  REMOTE_USER: to.user,
  REMOTE_ADDR: request.socket.remoteAddress ?? '',
  GIT_HTTP_EXPORT_ALL: '1',
  GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
  GIT_COMMITTER_NAME: to.user,
  GIT_COMMITTER_EMAIL: `${to.user}@plimsoll`,
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'safe.directory',
  GIT_CONFIG_VALUE_0: '*',
  PLIMSOLL_URL: to.url,
  PLIMSOLL_SERVICE: to.service,
})

type Head = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly rest: Buffer
}

/** The header lines that a CGI program begins with; undefined while they have not all come. */
function parseHead(bytes: Buffer): Head | undefined {
  const text = bytes.toString('latin1')
  const end = /\r?\n\r?\n/.exec(text)
  if (!end) return undefined
  const lines = text.slice(0, end.index).split(/\r?\n/)
  const pairs = lines.map(
    (line) =>
      [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const,
  )
  const { status, ...headers } = Object.fromEntries(pairs)
  return {
    status: Number.parseInt(status ?? '200', 10),
    headers,
    rest: bytes.subarray(end.index + end[0].length),
  }
}

/** Passes on what the program answers: first its head, then bytes as they come. */
async function answer(out: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
  let head: Head | undefined
  let waiting = Buffer.alloc(0)
  async function* body(): AsyncGenerator<Buffer> {
    for await (const chunk of out) {
      if (head) {
        yield chunk
        continue
      }
      waiting = Buffer.concat([waiting, chunk])
      head = parseHead(waiting)
      if (!head) continue
      response.writeHead(head.status, head.headers)
      yield head.rest
    }
    if (!head) response.writeHead(500, { 'content-type': 'text/plain' })
  }
  await pipeline(body, response)
}

function refuse(response: ServerResponse): void {
  response
    .writeHead(404, { 'content-type': 'text/plain' })
    .end('There is nothing here but git’s smart protocol.\n')
}

/**
 * Answers one request of stock git with stock `git http-backend`, streamed both ways. Sign-in comes before.
 * Resolves when the answer is out and git has ended: then the refs are what was acknowledged.
 */
export async function serveGit(
  request: IncomingMessage,
  response: ServerResponse,
  to: GitRequest,
): Promise<void> {
  if (!isAllowed(to)) return refuse(response)
  const env = gitEnvironment(cgiVariables(request, to))
  const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  // Without git there is no output either: the answer says 500.
  child.once('error', (error) => to.onLog(`git could not be started: ${error.message}`))
  child.stderr.setEncoding('utf8').on('data', (text: string) => to.onLog(text.trimEnd()))
  // A client that goes away takes its git along; a receive-pack that has all it needs ends by itself.
  response.once('close', () => !response.writableFinished && child.kill('SIGTERM'))
  const body = request.headers['content-encoding'] === 'gzip' ? request.pipe(createGunzip()) : request
  const sent = pipeline(body, child.stdin).catch(() => {})
  await answer(child.stdout, response).catch(() => {})
  await Promise.all([sent, ended])
}
