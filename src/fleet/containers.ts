import { z } from 'zod'
import {
  durationSchema as duration,
  nameSchema as name,
  variablesSchema as variables,
} from '../kernel/index.ts'

const mebibyte = 2 ** 20
const units: Readonly<Record<string, number>> = {
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: mebibyte,
  GiB: 2 ** 30,
}
const aSize = 'expected a size such as 256MB, 1.5GB or 512MiB, at least 6MiB'
/** The engine gives a container no less. */
const leastBytes = 6 * mebibyte

function readSize(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([KMG]i?B)$/.exec(text) ?? []
  return Math.round(Number(number) * (units[unit] ?? Number.NaN))
}

/** A size as people write it, or a number of bytes; in bytes afterwards. */
const size = z
  .union([z.number(), z.string()], { error: aSize })
  .transform((value) => (typeof value === 'number' ? value : readSize(value)))
  .refine((bytes) => bytes >= leastBytes, aSize)

/** A path of the repository. */
const insidePath = z
  .string()
  .regex(/^(?!\/)(?!(.*\/)?\.\.(\/|$)).+/, 'expected the path of a Dockerfile inside the repository')

/** Where an image comes from: built from a Dockerfile of the change, or taken as it is. */
export const imageSource = {
  dockerfile: insidePath.optional(),
  /** Stage of the Dockerfile at which to stop. */
  stage: z.string().min(1).optional(),
  /** Name, with tag or digest, of an image that the engine has or can pull. */
  image: z.string().min(1).optional(),
}

/** One of the containers of which every instance consists. */
export const containerConfig = z
  .object({
    ...imageSource,
    /** Requests come to this port of this container: exactly one has it. */
    port: z.number().int().min(1).max(65_535).optional(),
    health: z.string().startsWith('/').default('/'),
    readyWithin: duration.default(60_000),
    /** From its stop signal to KILL; longer than the longest request. */
    grace: duration.default(30_000),
    /** Program and arguments instead of the image's command. */
    command: z.array(z.string()).min(1).optional(),
    env: variables.default({}),
    /** Cores: 0.5 is half of one. */
    cpus: z.number().positive().optional(),
    memory: size.optional(),
    /** Its files may be written to; otherwise only /tmp. */
    writable: z.boolean().default(false),
    /** Rights of root that it needs, such as CHOWN; none by default. */
    capabilities: z.array(z.string().regex(/^[A-Z_]+$/, 'expected a name such as CHOWN')).default([]),
    /** When it ends, the instance has crashed. */
    essential: z.boolean().default(true),
  })
  .strict()

/** Containers by name: `app` is the service itself, the others are its sidecars. */
export const containersConfig = z.record(name, containerConfig)

export type ContainerConfig = z.output<typeof containerConfig>
export type ContainersConfig = z.output<typeof containersConfig>

/** The one that gets the environment's variables and its data folder. */
export const mainContainer = 'app'

/** Name and configuration of the container that takes requests. */
export const entryOf = (containers: ContainersConfig): readonly [string, ContainerConfig] | undefined =>
  Object.entries(containers).find(([, { port }]) => port !== undefined)

const digest = z.templateLiteral(['sha256:', z.string()])

/** What a release says of one container: its image, and how it is started. */
export const releasedContainer = containerConfig
  .pick({ port: true, command: true, cpus: true, writable: true, capabilities: true, essential: true })
  .extend({ image: digest, env: variables, memoryBytes: z.number().optional() })

/** What a release with containers is: the files of its bundle, and all its containers by digest. */
export const releaseManifest = z.object({
  is: z.literal('release'),
  files: digest,
  containers: z.record(name, releasedContainer),
})

export type ReleasedContainer = z.output<typeof releasedContainer>
export type ReleaseManifest = z.output<typeof releaseManifest>
