import swagger from '@fastify/swagger'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import type { ErrorView } from '../../contract/index.ts'
import { errorTable, type KeyPath, PlimsollError, schemaProblem } from '../../kernel/index.ts'
import { type Tokens, tokenIn } from '../tokens.ts'
import { guardBrowsers, needsToken, whyNotFree } from './guard.ts'

/** Where jobs tell that they run. */
export const heartbeatRoute = '/api/heartbeats/:name'

declare module 'fastify' {
  interface FastifyRequest {
    /** Name of the token that the request came with; set on everything that writes. */
    actor: string
  }
}

export const errorBody = (error: PlimsollError): ErrorView => ({
  schemaVersion: 1,
  error: {
    code: error.code,
    message: errorTable[error.code].message,
    hint: errorTable[error.code].hint,
    problems: error.problems.map((problem) => ({ ...problem })),
  },
})

/** What SQLite says of a disk: read only, broken, full, not to be opened (sqlite.org/rescode.html, the low byte). */
const diskCodes = new Set([8, 10, 13, 14])
const noRoom = new Set(['ENOSPC', 'EDQUOT', 'EROFS'])

function isOfDisk(error: Error): boolean {
  const { code = '', errcode = 0 } = error as { code?: string; errcode?: number }
  return noRoom.has(code) || (code === 'ERR_SQLITE_ERROR' && diskCodes.has(errcode & 0xff))
}

/** `/series/0/values`, as the validation of requests writes it. */
const pathIn = (pointer: string): KeyPath =>
  pointer
    .split('/')
    .filter((part) => part !== '')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))

/** What went wrong, in the words of the one table. */
function asPlimsollError(error: FastifyError | Error): PlimsollError {
  if (error instanceof PlimsollError) return error
  if (isOfDisk(error)) return new PlimsollError('PLM_STORE_UNWRITABLE', error.message, { cause: error })
  if (hasZodFastifySchemaValidationErrors(error))
    return new PlimsollError(
      'PLM_USAGE',
      error.validation.map(({ instancePath, message = 'is not as expected' }) =>
        schemaProblem(pathIn(instancePath), message),
      ),
    )
  const status = 'statusCode' in error ? (error.statusCode ?? 500) : 500
  return new PlimsollError(status < 500 ? 'PLM_USAGE' : 'PLM_INTERNAL', status < 500 ? error.message : [], {
    cause: error,
  })
}

/** All that a token of the role `heartbeats` may do. */
const isHeartbeat = ({ method, routeOptions }: FastifyRequest): boolean =>
  method === 'POST' && routeOptions.url === heartbeatRoute

/** Every write names its actor; reads are free on loopback, where the server listens unless told otherwise. */
function signIn(app: FastifyInstance, tokens: Tokens, onLoopback: boolean): void {
  app.decorateRequest('actor', '')
  app.addHook('onRequest', async (request: FastifyRequest) => {
    const { method, url, headers, routeOptions } = request
    if (!needsToken({ method, url, route: routeOptions.url, host: headers.host }, onLoopback)) return
    const token = tokenIn(request.headers.authorization)
    if (!token) throw new PlimsollError('PLM_TOKEN_MISSING', whyNotFree(headers.host, onLoopback))
    const known = await tokens.find(token)
    if (!known) throw new PlimsollError('PLM_TOKEN_WRONG')
    if (known.role === 'heartbeats' && !isHeartbeat(request))
      throw new PlimsollError(
        'PLM_TOKEN_NARROW',
        `the token ${known.name} may tell that jobs run, nothing else`,
      )
    request.actor = known.name
  })
}

/** A server that speaks zod, answers every error in one shape and knows its actors. */
export async function createApp(deps: {
  readonly logger: Logger
  readonly tokens: Tokens
  /** Listens where only this machine reaches it: reads are free. */
  readonly onLoopback: boolean
}) {
  function answerError(error: FastifyError | Error, reply: FastifyReply): void {
    const known = asPlimsollError(error)
    if (known.code === 'PLM_INTERNAL') deps.logger.error({ err: error }, 'unexpected')
    if (known.code === 'PLM_TOKEN_MISSING') reply.header('www-authenticate', 'Bearer realm="plimsoll"')
    reply.code(errorTable[known.code].http).send(errorBody(known))
  }
  const app = Fastify({
    loggerInstance: deps.logger,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    keepAliveTimeout: 75_000,
    // A name too long is none of ours: whoever asks for it is told so.
    routerOptions: { maxParamLength: 4_000 },
    frameworkErrors: (error, _request, reply) => answerError(error, reply as unknown as FastifyReply),
  })
    .setValidatorCompiler(validatorCompiler)
    .setSerializerCompiler(serializerCompiler)
    .withTypeProvider<ZodTypeProvider>()
  await app.register(swagger, {
    openapi: { info: { title: 'Plimsoll', version: '1' } },
    transform: jsonSchemaTransform,
  })
  guardBrowsers(app as unknown as FastifyInstance)
  signIn(app as unknown as FastifyInstance, deps.tokens, deps.onLoopback)
  app.setErrorHandler((error: FastifyError | Error, _request, reply) => answerError(error, reply))
  return app
}

export type App = Awaited<ReturnType<typeof createApp>>
