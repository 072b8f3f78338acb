import { z } from 'zod'
import { durationSchema as duration, nameSchema, variablesSchema as variables } from '../../kernel/index.ts'

const anAddress = 'expected an address that begins with https:// or http://'
export const addressSchema = z
  .string({ error: anAddress })
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), { error: anAddress })

const aPlace = "expected a path such as '/metrics', or an address that begins with https:// or http://"
export const placeSchema = z
  .string({ error: aPlace })
  .refine((text) => text.startsWith('/') || addressSchema.safeParse(text).success, { error: aPlace })

const anInterval = 'expected 1s to 2m, since what is older than a few minutes is not the present any more'
export const intervalSchema = duration.refine((ms) => ms >= 1_000 && ms <= 120_000, anInterval)
const status = z.number().int().min(100).max(599)
const port = z.number().int().min(1).max(65_535)
const host = z.string().min(1)

const common = {
  name: nameSchema,
  /** Environments in which it is asked; all that run something when not given. */
  in: z
    .union([nameSchema, z.array(nameSchema).min(1)])
    .transform((all) => (typeof all === 'string' ? [all] : all))
    .optional(),
  /** How often; as everything else of the service when not given. */
  every: intervalSchema.optional(),
  /** An answer that takes longer is none. */
  within: duration.default(5_000),
}

/** A request whose answer must be as expected. */
const httpProbe = z
  .object({
    kind: z.literal('http'),
    ...common,
    /** A path is asked of the environment's own address. */
    url: placeSchema.default('/'),
    method: z.enum(['GET', 'HEAD', 'OPTIONS', 'POST']).default('GET'),
    /** Any 2xx when not given. */
    status: z.union([status, z.array(status).min(1)]).optional(),
    /** Text that the body must hold. */
    body: z.string().min(1).optional(),
    /** What a body of JSON must say: `{ 'database.status': 'up' }`. */
    json: z.record(z.string().min(1), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
    /** Text that each of these headers of the answer must hold. */
    headers: z.record(z.string().min(1), z.string()).optional(),
  })
  .strict()

/** A connection that must be taken. */
const tcpProbe = z.object({ kind: z.literal('tcp'), ...common, host, port }).strict()

/** A certificate that must be trusted, and not end soon. */
const tlsProbe = z
  .object({
    kind: z.literal('tls'),
    ...common,
    host,
    port: port.default(443),
    /** It must hold for so much longer. */
    left: duration.default(14 * 86_400_000),
    /** False for one that nobody has signed. */
    trusted: z.boolean().default(true),
  })
  .strict()

/** A name that must lead somewhere. */
const dnsProbe = z
  .object({
    kind: z.literal('dns'),
    ...common,
    host,
    type: z.enum(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT']).default('A'),
    /** One of the answers must be this. */
    holds: z.string().min(1).optional(),
    /** Address of the name server that is asked, with its port when that is not 53; this machine's own when not given. */
    server: z.string().min(1).optional(),
  })
  .strict()

/** A journey is longer than a request, and goes through more of the service. */
const journeyEveryMs = 60_000
const journeyWithinMs = 30_000

/** A scenario, as load tests know them, that one user goes through once. */
const journeyProbe = z
  .object({
    kind: z.literal('journey'),
    ...common,
    every: intervalSchema.default(journeyEveryMs),
    within: duration.default(journeyWithinMs),
    /** Scenario file of the repository; that of the protected branch counts. */
    file: z
      .string()
      .min(1)
      .regex(/^(?!\/)(?!(.*\/)?\.\.(\/|$))/, 'expected a path inside the repository'),
    /** Name of the scenario, where the file has several. */
    scenario: z.string().min(1).optional(),
    /** Variables of its process, and all that it knows: `secret('NAME')` for what it signs in with. */
    env: variables.default({}),
  })
  .strict()

const aProbe = "expected probe.http('name', { … }), probe.tcp, probe.tls, probe.dns or probe.journey"
const probe = z.discriminatedUnion('kind', [httpProbe, tcpProbe, tlsProbe, dnsProbe, journeyProbe], {
  error: aProbe,
})

/** What is asked from outside, again and again. That names differ is checked across all of them. */
export const probesConfig = z.array(probe).max(50)

export type ProbeConfig = z.output<typeof probe>
export type JourneyProbe = Extract<ProbeConfig, { kind: 'journey' }>
