import type { ContainerSpec } from '../../engine/index.ts'
import { mainContainer, type ReleasedContainer } from '../../fleet/index.ts'
import type { Digest, Variables } from '../../kernel/index.ts'
import { splitSecrets } from '../environment-variables.ts'
import type { World } from '../world.ts'

/** Where containers find the folder that outlives releases. */
const dataInside = '/data'

/** `API_KEY` → `API_KEY_FILE=/run/secrets/API_KEY`, as many images read it. */
const namedFiles = (secrets: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.keys(secrets).map((name) => [`${name}_FILE`, `/run/secrets/${name}`]))

/** What the environment gives to the containers of a release. */
type Given = {
  readonly release: Digest
  readonly env: Variables
  /** Outlives releases. */
  readonly dataFolder?: string
}

/**
 * One container as it is to be started. What the environment gives goes to the service itself; a sidecar gets what its
 * own part of the release says.
 */
export async function containerOf(
  world: Pick<World, 'secrets'>,
  name: string,
  from: ReleasedContainer,
  given: Given,
): Promise<ContainerSpec> {
  const isMain = name === mainContainer
  const { env, secrets } = await splitSecrets(world, { ...from.env, ...(isMain ? given.env : {}) })
  const data = isMain ? given.dataFolder : undefined
  return {
    name,
    image: from.image,
    ...(from.command ? { argv: from.command } : {}),
    env: {
      ...(from.port === undefined ? {} : { PORT: String(from.port) }),
      ...env,
      ...namedFiles(secrets),
      RELEASE: given.release,
      ...(data === undefined ? {} : { DATA_DIR: dataInside }),
    },
    secrets,
    mounts: data === undefined ? [] : [{ from: data, to: dataInside, writable: true }],
    ...(from.cpus === undefined ? {} : { cpus: from.cpus }),
    ...(from.memoryBytes === undefined ? {} : { memoryBytes: from.memoryBytes }),
    writable: from.writable,
    capabilities: from.capabilities,
    essential: from.essential,
  }
}

/**
 * Secrets come as files, so that they cannot be seen from outside; a command finds them as variables all the same.
 * `$0` is the command.
 */
const withSecrets = [
  'for file in /run/secrets/*',
  `do [ ! -f "$file" ] || export "\${file##*/}=$(cat "$file")"`,
  'done',
  'exec /bin/sh -eu -c "$0"',
].join('; ')

/** A shell command instead of what the image starts by itself. */
export const inShell = (run: string): Pick<ContainerSpec, 'entrypoint' | 'argv'> => ({
  entrypoint: [],
  argv: ['/bin/sh', '-c', withSecrets, run],
})
