import { z } from 'zod'
import { gatewayConfig } from '../gateway-config.ts'

/** Of a later version there may be more in it. */
const treatment = z.object(gatewayConfig.shape)

const upstream = z.object({
  instance: z.string(),
  host: z.string(),
  port: z.number().int().min(1).max(65_535),
  /** Takes requests when healthy; otherwise only watched. */
  serving: z.boolean(),
})

const fleet = z.object({
  fleet: z.string(),
  /** Short name of what it runs. */
  release: z.string().optional(),
  weight: z.number().nonnegative(),
  healthPath: z.string(),
  upstreams: z.array(upstream),
})

/**
 * What a gateway serves: a file written by the server, atomically replaced, read again on each change and at start.
 * The gateway needs nothing else, so it goes on without the server. An older (fence, revision) is never taken.
 */
export const gatewayTable = z.object({
  environment: z.string(),
  revision: z.number().int().nonnegative(),
  fence: z.number().int().nonnegative(),
  /** How long nothing may move, either way, before a request ends; and how long those of an instance that leaves may take. */
  requestTimeoutMs: z.number().int().positive(),
  /** How many requests may wait for their answers to begin; more are refused at once. */
  mostWaiting: z.number().int().positive().optional(),
  /** What is split by weight: requests, or the clients that a cookie tells apart. */
  split: z.enum(['request', 'cookie']).default('request'),
  /** Paths that are told apart, and the edges of their latencies in milliseconds. */
  routes: z.object({ templates: z.array(z.string()), edgesMs: z.array(z.number().positive()) }).optional(),
  /** One instance takes this share of its fleet's requests, until a time in milliseconds since 1970; then no more. */
  squeeze: z.object({ instance: z.string(), share: z.number().gt(0).lt(1), until: z.number() }).optional(),
  /** How requests are treated; as usual when not given. */
  gateway: treatment.optional(),
  /** From the oldest to the newest. */
  fleets: z.array(fleet),
})

export type GatewayTable = z.infer<typeof gatewayTable>

/** Whether a table was made before another one: by an earlier holder of the lease, or earlier by the same. */
export const isOlder = (table: GatewayTable, than: GatewayTable): boolean =>
  table.fence < than.fence || (table.fence === than.fence && table.revision < than.revision)
