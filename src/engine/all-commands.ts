import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  type CommandEnd,
  type CommandSpec,
  type Commands,
  hostCommands,
  jobFolder,
  readLog,
} from '../host/index.ts'
import type { Clock, InstanceSize, Job, Key } from '../kernel/index.ts'
import { fileBook, secretFiles } from './book.ts'
import type { Engine } from './engine.ts'
import { type GroupSpec, isGroup } from './group.ts'
import { type ContainerProcess, createGroups, type NamedUse } from './groups.ts'
import { engineOutput } from './output.ts'

/** Commands of this machine and groups of containers, as one: a key is one or the other, and nobody has to know which. */
export interface AllCommands extends Omit<Commands, 'start'>, Job<CommandSpec | GroupSpec, CommandEnd> {
  start(key: Key, spec: CommandSpec | GroupSpec): Promise<void>
  /** What the containers of a group may use, as they were made; undefined for what is no group. */
  containerSize(key: Key): Promise<InstanceSize | undefined>
  /** What the containers of a group use; undefined for what is no group. */
  containerUse(key: Key): Promise<readonly NamedUse[] | undefined>
  /** The first process of each container of a group that runs; undefined for what is no group. */
  containerProcesses(key: Key): Promise<readonly ContainerProcess[] | undefined>
}

export type AllCommandsOptions = {
  readonly engine: Engine
  /** Each job has one directory in here, whatever runs it. */
  readonly folder: string
  readonly clock: Clock
  readonly cookie: string
}

/** Memory, where the machine has a folder of it: what is in there is on no disk. */
const inMemory = '/dev/shm'

const secretsRoot = (folder: string, cookie: string): string =>
  existsSync(inMemory) ? join(inMemory, `plimsoll-${cookie}`) : join(folder, '-secrets')

/** Commands of this machine and groups of containers. Without any of these, the engine is never asked. */
export function allCommands({ engine, folder, clock, cookie }: AllCommandsOptions): AllCommands {
  const host = hostCommands({ folder, clock, cookie })
  const groups = createGroups({
    engine,
    book: fileBook(folder),
    secrets: secretFiles(secretsRoot(folder, cookie)),
    openOutput: engineOutput(folder, engine, clock),
    clock,
    home: cookie,
  })
  const of = (key: Key) => (groups.has(key) ? groups : host)
  return {
    start: (key, spec) => (isGroup(spec) ? groups.start(key, spec) : host.start(key, spec)),
    find: (key) => of(key).find(key),
    running: (key) => of(key).running(key),
    containerSize: async (key) => (groups.has(key) ? groups.containerSize(key) : undefined),
    containerProcesses: async (key) => (groups.has(key) ? groups.processes(key) : undefined),
    containerUse: async (key) => (groups.has(key) ? groups.use(key) : undefined),
    cancel: (key, graceMs) => of(key).cancel(key, graceMs),
    async adopt(secretsOf) {
      await groups.adopt(secretsOf)
      return host.adopt(secretsOf)
    },
    watch(listener) {
      const deaf = [host.watch(listener), groups.watch(listener)]
      return () => {
        for (const unwatch of deaf) unwatch()
      }
    },
    log(key, from, follow, signal) {
      if (!groups.has(key)) return host.log(key, from, follow, signal)
      const isOver = () => groups.isOver(key)
      return readLog(jobFolder(folder, key).log, from, follow ? { isOver, clock, signal } : undefined)
    },
    forget: (key) => host.forget(key),
    census: () => host.census(),
    async endAll() {
      await Promise.all([groups.endAll(), host.endAll()])
    },
    async close() {
      await groups.close()
      await host.close()
    },
  }
}
