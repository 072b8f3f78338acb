import { z } from 'zod'
import { durationSchema as duration, readBytes } from '../kernel/index.ts'
import { readNetwork } from './gateway/addresses.ts'

const aHeader = "expected the name of a header, such as 'x-request-id', or false"
const aNetwork =
  "expected an address or a network in CIDR, such as '10.0.0.0/8', without bits behind its length"
const notAll = 'expected the load balancers before the gateway, not every address there is'
const aLog = "expected true, false, or { keep: '256MiB', query: true }"
const someLog = 'expected a size from 1MiB to 100GiB, such as 256MiB'
const mebibyte = 2 ** 20

/** Of headers that mean something else to the gateway: they cannot carry an id. */
const taken =
  /^(?:host|connection|cookie|set-cookie|upgrade|te|trailer|expect|forwarded|traceparent|tracestate|keep-alive|x-forwarded-.*|x-real-ip|content-.*|transfer-encoding|proxy-.*)$/

const headerName = z
  .string({ error: aHeader })
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, aHeader)
  .refine(
    (name) => !taken.test(name.toLowerCase()),
    'expected another header, since this one means something else',
  )

const network = z
  .string({ error: aNetwork })
  .refine((text) => readNetwork(text) !== undefined, aNetwork)
  .refine((text) => readNetwork(text)?.bits !== 0, notAll)

const logBytes = z
  .union([z.number(), z.string()], { error: someLog })
  .transform((value) => (typeof value === 'number' ? value : readBytes(value)))
  .refine((bytes) => bytes >= mebibyte && bytes <= 102_400 * mebibyte, someLog)

/** What is written of each request. */
const accessLogConfig = z
  .object({
    /** So much of it is kept on disk: the oldest goes. */
    keep: logBytes.default(256 * mebibyte),
    /** Whether query strings are written: they may hold what nobody should read. */
    query: z.boolean().default(false),
  })
  .strict()

const someEjection = "expected false or { after: 5, for: '10s', atMost: '5m', share: 0.3 }"

/** When an instance that keeps failing gets no requests for a while. */
const ejectionConfig = z
  .object({
    /** So many requests in a row that it did not answer, or with 502, 503 or 504. */
    after: z.number().int().min(1).max(1_000).default(5),
    /** The first time; twice as long each time after that. */
    for: duration.default(10_000),
    atMost: duration.default(300_000),
    /** Of the instances that take requests; one where there are several, and never all. */
    share: z.number().gt(0).max(0.9).default(0.3),
  })
  .strict()
  .refine(({ for: first, atMost }) => first > 0 && first <= atMost, {
    path: ['for'],
    error: 'expected a time above 0 and not longer than atMost',
  })

/** How many requests one instance has at a time. */
const perInstanceConfig = z
  .object({
    most: z.number().int().min(1).max(10_000),
    /** So many more wait up to a second for a place, at all of them together. */
    waiting: z.number().int().min(0).max(4_096).default(100),
  })
  .strict()

/** How an environment's gateway treats requests. */
export const gatewayConfig = z
  .object({
    /** The header that carries a request's id. */
    requestId: z.union([z.literal(false), headerName], { error: aHeader }).default('X-Request-Id'),
    /** One line for each request. */
    accessLog: z
      .union([z.boolean(), accessLogConfig], { error: aLog })
      .default(false)
      .transform((log) => (log === true ? accessLogConfig.parse({}) : log)),
    /** Who may say for whom it asks: load balancers before the gateway. */
    trustedProxies: z.array(network).max(256).default(['127.0.0.0/8', '::1']),
    /** How they say it. */
    clientHeader: z.enum(['x-forwarded-for', 'forwarded']).default('x-forwarded-for'),
    /** No limit when not given. */
    perInstance: perInstanceConfig.optional(),
    /** Instances that keep failing requests though their health checks are well. */
    ejection: z.union([z.literal(false), ejectionConfig], { error: someEjection }).prefault({}),
  })
  .strict()

export type GatewayConfig = z.output<typeof gatewayConfig>

/** What a gateway does of which nothing else is said. */
export const usualGateway: GatewayConfig = gatewayConfig.parse({})
