import type { Digest, Json, Limits } from '../kernel/index.ts'
import {
  type ContainerEnd,
  type ContainerSeen,
  type ContainerUse,
  containerUseOf,
  created,
  endOf,
  happened,
  type ImageSeen,
  image,
  imageOf,
  inspected,
  type Kill,
  killOf,
  limited,
  limitsOf,
  listed,
  progress,
  seenOf,
  started,
  stats,
} from './shapes.ts'
import { askEngine, EngineRefusal, patienceMs, streamFrom } from './socket.ts'

export type BuildOptions = {
  /** Path of the Dockerfile in the context. */
  readonly dockerfile: string
  /** Stage at which to stop. */
  readonly stage?: string
  readonly labels: Readonly<Record<string, string>>
  /** A tar archive. */
  readonly context: AsyncIterable<Uint8Array>
  /** Told what the build prints. */
  readonly onText: (text: string) => void
  readonly signal: AbortSignal
}

export type LogsOptions = {
  /** From this time on, in seconds. */
  readonly since: string | undefined
  /** Goes on until the container ends. */
  readonly follow: boolean
  readonly signal: AbortSignal
}

/**
 * What Plimsoll needs of a container engine. Everything throws PLM_ENGINE_UNREACHABLE when nobody answers, and
 * EngineRefusal when the engine says no.
 */
export interface Engine {
  version(): Promise<string>
  /** Makes a container, or finds the one that has this name. @returns its id */
  create(name: string, body: Json): Promise<string>
  /** Nothing when it was started before. */
  start(id: string): Promise<void>
  /** Its stop signal, and KILL after the grace; returns when it has ended. Nothing when it is gone. */
  stop(id: string, graceMs: number): Promise<void>
  /** By force; nothing when it is gone. */
  remove(id: string): Promise<void>
  /** All containers, whatever their state, that carry the label. */
  list(label: string): Promise<readonly ContainerSeen[]>
  inspect(id: string): Promise<ContainerEnd>
  /** What a container may use, as it was really made; undefined when it is gone. */
  limits(id: string): Promise<Limits | undefined>
  /** The first process of a container, as this machine numbers it; undefined when it does not run. */
  pid(id: string): Promise<number | undefined>
  /** What a container that runs uses; undefined when it does not run. */
  stats(id: string): Promise<ContainerUse | undefined>
  /** Processes that the kernel ended for want of memory between two times, in containers that carry the label. */
  kills(label: string, since: number, until: number): Promise<readonly Kill[]>
  /** What it has printed, framed and stamped. */
  logs(id: string, options: LogsOptions): Promise<AsyncIterable<Uint8Array>>
  /** By name or digest; undefined when it is not here. */
  image(name: string): Promise<ImageSeen | undefined>
  pull(name: string, signal: AbortSignal): Promise<void>
  /** Names an image, so that cleaning up does not take it for a leftover. */
  tag(image: Digest, repository: string, tag: string): Promise<void>
  /** @throws EngineRefusal with the engine's last words when a step fails */
  build(options: BuildOptions): Promise<Digest>
}

/** What a refusal means that is none: undefined instead of one of these statuses. */
async function unless<T>(statuses: readonly number[], doing: Promise<T>): Promise<T | undefined> {
  try {
    return await doing
  } catch (error) {
    if (error instanceof EngineRefusal && statuses.includes(error.status)) return undefined
    throw error
  }
}

/** The lines of a stream of JSON. */
async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line)
  }
  if (rest.trim() !== '') yield JSON.parse(rest)
}

/** Follows a build or a pull to its end. @returns the image that it told of, if any */
async function follow(bytes: AsyncIterable<Uint8Array>, onText: (text: string) => void) {
  let made: Digest | undefined
  for await (const line of linesOf(bytes)) {
    const { stream, error, aux } = progress.parse(line)
    if (error !== undefined) throw new EngineRefusal(500, error)
    if (stream !== undefined) onText(stream)
    made = aux?.ID ?? made
  }
  return made
}

/** `registry:5000/name:tag` → its name and tag; a digest stays with the name. */
function partsOf(name: string): { fromImage: string; tag?: string } {
  const [, before = name, tag] = /^(.*):([^/:@]+)$/.exec(name) ?? []
  return name.includes('@') ? { fromImage: name } : { fromImage: before, tag: tag ?? 'latest' }
}

/** The engine behind a socket of this machine. `socketOf` may throw: it is asked only when the engine is needed. */
export function dockerEngine(socketOf: () => string): Engine {
  const ask = async (call: Parameters<typeof askEngine>[1]) => askEngine(socketOf(), call)
  const stream = async (call: Parameters<typeof streamFrom>[1]) => streamFrom(socketOf(), call)
  return {
    async version() {
      return String(((await ask({ path: '/version' })) as { Version?: string }).Version)
    },
    async create(name, body) {
      const made = await unless(
        [409],
        ask({ method: 'POST', path: '/containers/create', query: { name }, body }),
      )
      if (made) return created.parse(made).Id
      return created.parse(await ask({ path: `/containers/${name}/json` })).Id
    },
    async start(id) {
      await ask({ method: 'POST', path: `/containers/${id}/start` })
    },
    async stop(id, graceMs) {
      const t = Math.ceil(graceMs / 1_000)
      const silenceMs = graceMs + 60_000
      await unless(
        [404, 409],
        ask({ method: 'POST', path: `/containers/${id}/stop`, query: { t }, silenceMs }),
      )
    },
    async remove(id) {
      const query = { force: 'true', v: 'true' }
      await unless([404, 409], ask({ method: 'DELETE', path: `/containers/${id}`, query }))
    },
    async list(label) {
      const filters = JSON.stringify({ label: [label] })
      return listed
        .parse(await ask({ path: '/containers/json', query: { all: 'true', filters } }))
        .map(seenOf)
    },
    async inspect(id) {
      return endOf(inspected.parse(await ask({ path: `/containers/${id}/json` })))
    },
    async limits(id) {
      const found = await unless([404], ask({ path: `/containers/${id}/json` }))
      return found === undefined ? undefined : limitsOf(limited.parse(found))
    },
    async pid(id) {
      const found = await unless([404], ask({ path: `/containers/${id}/json` }))
      const pid = found === undefined ? 0 : started.parse(found).State.Pid
      return pid > 0 ? pid : undefined
    },
    async stats(id) {
      const query = { stream: 'false', 'one-shot': 'true' }
      const found = await unless([404, 409], ask({ path: `/containers/${id}/stats`, query }))
      return found === undefined ? undefined : containerUseOf(stats.parse(found))
    },
    async kills(label, since, until) {
      const filters = JSON.stringify({ type: ['container'], event: ['oom'], label: [label] })
      const seconds = (ms: number) => (ms / 1_000).toFixed(3)
      const query = { filters, since: seconds(since), until: seconds(until) }
      const found: Kill[] = []
      const told = await stream({ path: '/events', query, silenceMs: patienceMs })
      for await (const line of linesOf(told)) found.push(killOf(happened.parse(line)))
      return found
    },
    logs(id, { since, follow, signal }) {
      const query = { follow: `${follow}`, stdout: 'true', stderr: 'true', timestamps: 'true', since }
      const silence = follow ? {} : { silenceMs: patienceMs }
      return stream({ path: `/containers/${id}/logs`, query, signal, ...silence })
    },
    async image(name) {
      const found = await unless([404], ask({ path: `/images/${name}/json` }))
      return found === undefined ? undefined : imageOf(image.parse(found))
    },
    async pull(name, signal) {
      const query = partsOf(name)
      await follow(await stream({ method: 'POST', path: '/images/create', query, signal }), () => {})
    },
    async tag(id, repo, tag) {
      await ask({ method: 'POST', path: `/images/${id}/tag`, query: { repo, tag } })
    },
    async build({ dockerfile, stage, labels, context, onText, signal }) {
      const query = { dockerfile, target: stage, rm: 'true', forcerm: 'true', labels: JSON.stringify(labels) }
      const told = await stream({ method: 'POST', path: '/build', query, body: context, signal })
      const made = await follow(told, onText)
      if (made === undefined) throw new EngineRefusal(500, 'the build ended without an image')
      return made
    },
  }
}
