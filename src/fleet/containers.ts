import { z } from 'zod'
import {
  durationSchema as duration,
  type InstanceSize,
  memorySchema as memory,
  nameSchema as name,
  variablesSchema as variables,
} from '../kernel/index.ts'

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

const cpus = z.number().positive()

/** What a container may use in an environment, instead of what the release says. */
export const limitsConfig = z.record(
  name,
  z
    .object({ cpus: cpus.optional(), memory: memory.optional() })
    .strict()
    .refine((one) => one.cpus !== undefined || one.memory !== undefined, 'expected cpus, memory or both'),
)

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
    cpus: cpus.optional(),
    memory: memory.optional(),
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

/** What containers may use instead of what the release says, by name: as an environment configures it. */
export type GivenLimits = Readonly<
  Record<string, { readonly cpus?: number | undefined; readonly memoryBytes?: number | undefined }>
>

/** A container as it is started where an environment gives it other limits. */
export function limitedAs(name: string, from: ReleasedContainer, given: GivenLimits = {}): ReleasedContainer {
  const { cpus = from.cpus, memoryBytes = from.memoryBytes } = given[name] ?? {}
  return {
    ...from,
    ...(cpus === undefined ? {} : { cpus }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  }
}

/** The size that instances of these containers are asked to have. */
export function sizeAsked(
  containers: Readonly<Record<string, ReleasedContainer>>,
  given?: GivenLimits,
): InstanceSize {
  const limits = Object.entries(containers).map(([name, from]) => {
    const { cpus = null, memoryBytes = null, essential } = limitedAs(name, from, given)
    return [name, { cpus, memoryBytes, essential }] as const
  })
  return { is: 'containers', containers: Object.fromEntries(limits) }
}
