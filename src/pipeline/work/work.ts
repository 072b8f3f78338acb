import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type ErrorCode, type Found, type Job, type Key, PlimsollError } from '../../kernel/index.ts'
import { jobFolderKey } from '../plan/keys.ts'
import type { WorkEnd, WorkSpec } from '../plan/work.ts'
import { packRelease } from './bundle.ts'
import { collectResults } from './collect.ts'
import { readConfig } from './config.ts'
import type { WorkDeps } from './deps.ts'
import { folderOf } from './folders.ts'
import { prepareFolder } from './prepare.ts'

/** Work of the server itself, in its memory: after a crash it is absent and asked for again. */
export interface Work extends Job<WorkSpec, WorkEnd> {
  /** Called when work has ended. Returns the way to stop. */
  watch(listener: (key: Key) => void): () => void
  /** Removes the folders of a run that has ended, and forgets its work. */
  tidy(run: string): Promise<void>
  /** Ends all work; resolves when none is left. */
  close(): Promise<void>
}

type Entry = { readonly stop: AbortController; readonly over: Promise<void>; end?: WorkEnd }

function doWork(spec: WorkSpec, deps: WorkDeps, signal: AbortSignal): Promise<WorkEnd> {
  switch (spec.do) {
    case 'config':
      return readConfig(spec, deps, signal)
    case 'prepare':
      return prepareFolder(spec, deps, signal)
    case 'collect':
      return collectResults(spec, deps, signal)
    case 'bundle':
      return packRelease(spec, deps, signal)
  }
}

/** What the change itself has to mend. */
const faults: ReadonlySet<ErrorCode> = new Set([
  'PLM_DOCKERFILE_MISSING',
  'PLM_BUILD_FAILED',
  'PLM_IMAGE_MISSING',
  'PLM_PORT_NOT_EXPOSED',
])

/** A throw is an end like others: what could not be done. */
async function endOf(spec: WorkSpec, deps: WorkDeps, signal: AbortSignal): Promise<WorkEnd> {
  try {
    return await doWork(spec, deps, signal)
  } catch (error) {
    if (signal.aborted) return { is: 'cancelled' }
    if (error instanceof PlimsollError && faults.has(error.code))
      return { is: 'problems', problems: error.problems }
    return { is: 'failed', because: error instanceof Error ? error.message : String(error) }
  }
}

/** Does the work of runs: reading configurations, preparing folders, collecting results, packing releases. */
export function createWork(deps: WorkDeps): Work {
  const entries = new Map<Key, Entry>()
  const listeners = new Set<(key: Key) => void>()

  function begin(key: Key, spec: WorkSpec): void {
    const stop = new AbortController()
    const over = endOf(spec, deps, stop.signal).then((end) => {
      entry.end = end
      for (const listener of listeners) listener(key)
    })
    const entry: Entry = { stop, over }
    entries.set(key, entry)
  }

  return {
    async start(key, spec) {
      if (!entries.has(key)) begin(key, spec)
    },
    async find(key): Promise<Found<WorkEnd>> {
      const entry = entries.get(key)
      if (!entry) return 'absent'
      return entry.end ? { ended: entry.end } : 'running'
    },
    async cancel(key) {
      entries.get(key)?.stop.abort()
    },
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async tidy(run) {
      const own = [...entries].filter(([key]) => key.startsWith(`run/${run}/`))
      for (const [, entry] of own) entry.stop.abort()
      await Promise.all(own.map(([, entry]) => entry.over))
      for (const [key] of own) entries.delete(key)
      await rm(dirname(folderOf(deps.folder, jobFolderKey(run, 'any'))), { recursive: true, force: true })
    },
    async close() {
      for (const entry of entries.values()) entry.stop.abort()
      await Promise.all([...entries.values()].map((entry) => entry.over))
    },
  }
}
