import type { Json } from '../kernel/index.ts'
import type { ContainerSpec, GroupSpec } from './group.ts'

export const labelOf = {
  /** Whose it is: the cookie of a Plimsoll. */
  home: 'plimsoll.home',
  key: 'plimsoll.key',
  container: 'plimsoll.container',
} as const

/** Names may not hold slashes; no part of a key holds an underscore. */
export const containerName = (home: string, key: string, container: string): string =>
  `plimsoll_${home}_${key.replaceAll('/', '_')}_${container}`

const processLimit = 1_024

/** What the engine keeps of the output: enough for a server that was away for a while. */
const engineLog = { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } }

const bindOf = (mount: ContainerSpec['mounts'][number]): Json => ({
  Type: 'bind',
  Source: mount.from,
  Target: mount.to,
  ReadOnly: !mount.writable,
})

function limitsOf({ cpus, memoryBytes }: ContainerSpec) {
  return {
    PidsLimit: processLimit,
    ...(cpus === undefined ? {} : { NanoCpus: Math.round(cpus * 1e9) }),
    // As much swap as memory, which is none at all: what does not fit is ended, not slowed down.
    ...(memoryBytes === undefined ? {} : { Memory: memoryBytes, MemorySwap: memoryBytes }),
  }
}

function portOf(port: GroupSpec['port']) {
  if (!port) return {}
  const name = `${port.inside}/tcp`
  return {
    exposed: { ExposedPorts: { [name]: {} } },
    host: { PortBindings: { [name]: [{ HostIp: '127.0.0.1', HostPort: String(port.outside) }] } },
  }
}

/**
 * What the engine is asked for: no more rights than needed, restarted by nobody but us.
 * @param home cookie of this Plimsoll
 */
export function createBody(
  spec: ContainerSpec,
  at: {
    readonly home: string
    readonly key: string
    /** That of the machine, or that of the container which came first; a new one for the first. */
    readonly network?: 'host' | `container:${string}`
    readonly port?: GroupSpec['port']
    /** Where the files of its secrets lie. */
    readonly secretsFolder?: string
  },
): Json {
  const { argv, entrypoint, user, workFolder } = spec
  const { exposed, host } = portOf(at.network === undefined ? at.port : undefined)
  const secrets = at.secretsFolder && { from: at.secretsFolder, to: '/run/secrets', writable: false }
  return {
    Image: spec.image,
    ...(argv ? { Cmd: argv } : {}),
    ...(entrypoint ? { Entrypoint: entrypoint } : {}),
    ...(user === undefined ? {} : { User: user }),
    ...(workFolder === undefined ? {} : { WorkingDir: workFolder }),
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Labels: { [labelOf.home]: at.home, [labelOf.key]: at.key, [labelOf.container]: spec.name },
    ...exposed,
    HostConfig: {
      NetworkMode: at.network ?? 'bridge',
      ...host,
      RestartPolicy: { Name: 'no' },
      Init: true,
      CapDrop: ['ALL'],
      CapAdd: spec.capabilities,
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: !spec.writable,
      Tmpfs: { '/tmp': 'rw,nosuid,nodev,size=64m' },
      Mounts: [...spec.mounts, ...(secrets ? [secrets] : [])].map(bindOf),
      LogConfig: engineLog,
      ...limitsOf(spec),
    },
  }
}
