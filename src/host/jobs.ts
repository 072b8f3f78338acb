import type { Digest, Found, Job, Key } from '../kernel/index.ts'

/** A command to run on this machine, in a job directory of its own. */
export type CommandSpec = {
  /** Program and arguments; no shell is put around it. */
  readonly argv: readonly [string, ...string[]]
  /** Working directory, absolute. */
  readonly cwd: string
  /** The whole environment: nothing is inherited but what the host adds (its cookie). */
  readonly env: Readonly<Record<string, string>>
  /** Values to hide in the kept log. Never written to disk; after a restart they are asked for again. */
  readonly secrets: readonly string[]
  /** TERM after this long, KILL after the grace. Undefined: no limit (instances). */
  readonly timeoutMs?: number
  readonly graceMs: number
  /** The kept log's size at most; what comes later is counted, not kept. Instances rotate instead. */
  readonly log: { readonly maxBytes: number; readonly rotate: boolean }
}

/** How a command ended. `exit` is null when a signal ended it. */
export type CommandEnd = {
  readonly exit: number | null
  readonly signal: string | null
  readonly why: 'exited' | 'cancelled' | 'timedOut' | 'couldNotStart'
  /** For couldNotStart: what the system said. */
  readonly error?: string
  /** What else is known of its end, for people: `ran out of memory (limit 64 MiB)`. */
  readonly note?: string
  /** Of containers, by name: how often the kernel ended a process in it for want of memory; absent where it never did. */
  readonly kills?: Readonly<Record<string, number>>
  readonly startedAt: number
  readonly endedAt: number
  /** Bytes of output dropped because the log was full. */
  readonly droppedBytes: number
}

/** What is known of a running command: its process, or the images of its containers. */
export type CommandSeen = {
  readonly startedAt: number
  readonly pid?: number
  /** Image that each container really runs, by its name. */
  readonly images?: Readonly<Record<string, Digest>>
  /** A container's own health check says that it is not well. */
  readonly unwell?: string
}

/**
 * Commands in job directories: they live on when the server dies, and the next server finds them again.
 */
export interface Commands extends Job<CommandSpec, CommandEnd> {
  start(key: Key, spec: CommandSpec): Promise<void>
  find(key: Key): Promise<Found<CommandEnd>>
  running(key: Key): Promise<CommandSeen | undefined>
  /** Sends one signal to the group, identity checked. */
  cancel(key: Key, graceMs: number): Promise<void>
  /** Finds every job directory after a restart and goes on tailing; `secretsOf` gives back what to hide. */
  adopt(secretsOf: (key: Key) => Promise<readonly string[]>): Promise<readonly Key[]>
  /** Called when a command has started to run, has ended or is found lost. Returns the way to stop. */
  watch(listener: (key: Key) => void): () => void
  /** The kept, masked log from a byte offset; with `follow` until the command has ended and all was read. */
  log(key: Key, from: number, follow: boolean, signal?: AbortSignal): AsyncIterable<Uint8Array>
  /** Forgets an ended job: its directory is removed. */
  forget(key: Key): Promise<void>
  /** Every process on this machine that carries our cookie, with its job key. */
  census(): Promise<readonly { readonly pid: number; readonly key: Key }[]>
  /**
   * Ends everything, each within its own grace; then by force what is left and carries our cookie, known or not. Nothing of
   * ours runs when it returns.
   * @throws PlimsollError PLM_NOT_ENDED
   */
  endAll(): Promise<void>
  /** Stops tailing and watching; commands go on. */
  close(): Promise<void>
}
