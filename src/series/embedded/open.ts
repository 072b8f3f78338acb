import { mkdirSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { PlimsollError } from '../../kernel/index.ts'
import type { Points } from '../series.ts'
import type { Answer, Appended, SeriesStore } from '../store.ts'
import type { Status } from './engine.ts'
import { createInterning } from './interning.ts'
import type { Ask, Asked, Failure, Start, Told } from './protocol.ts'

export type EmbeddedOptions = {
  /** How often what was appended is written: what the sudden end of the process may lose. */
  readonly flushMs?: number
  readonly mostSeries?: number
  readonly keepDays?: number
  /** Of memory that samples may take which cannot be written; then what is oldest is dropped and counted. */
  readonly mostUnwrittenBytes?: number
  /** Told once of each row that cannot be read, and of series that are left out; each time of a write that failed. */
  readonly onProblem: (problem: PlimsollError) => void
}

export type EmbeddedSeries = SeriesStore & { status(): Promise<Status> }

/** 10,000 live series take about 100 MB. */
const defaults = {
  flushMs: 15_000,
  mostSeries: 20_000,
  keepDays: 35,
  mostUnwrittenBytes: 128 * 2 ** 20,
} as const

/** What is made for an answer does not live for long. Without a limit the room for it grows to more than all series take. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 }

const errorOf = ({ code, text }: Failure): PlimsollError => new PlimsollError(code ?? 'PLM_INTERNAL', text)

type Waiting = { resolve(value: never): void; reject(error: Error): void }

/** Asks the thread, and waits for its answers. */
function createAsking(thread: Worker, onProblem: EmbeddedOptions['onProblem']) {
  const waiting = new Map<number, Waiting>()
  const ready = Promise.withResolvers<void>()
  let numbers = 0
  let over: Error | undefined

  function end(error: Error): void {
    over ??= error
    ready.reject(over)
    for (const { reject } of waiting.values()) reject(over)
    waiting.clear()
  }
  function settle(number: number | undefined, how: (one: Waiting) => void): void {
    const one = waiting.get(number ?? -1)
    waiting.delete(number ?? -1)
    if (one) how(one)
  }

  thread.on('message', (told: Told) => {
    if (told.is === 'ready') ready.resolve()
    else if (told.is === 'problem') onProblem(errorOf(told.failure))
    else if (told.is === 'done') settle(told.number, ({ resolve }) => resolve(told.value as never))
    else if (told.number === undefined) ready.reject(errorOf(told.failure))
    else settle(told.number, ({ reject }) => reject(errorOf(told.failure)))
  })
  thread.once('error', end)
  thread.once('exit', () => end(new Error('the store of series is closed')))

  return {
    ready: ready.promise,
    ask<T>(ask: Ask, moved: readonly ArrayBuffer[] = []): Promise<T> {
      if (over) return Promise.reject(over)
      const number = numbers++
      return new Promise<T>((resolve, reject) => {
        waiting.set(number, { resolve, reject })
        thread.postMessage({ number, ask } satisfies Asked, moved)
      })
    },
  }
}

/**
 * Opens, or makes, the store of a folder, in a thread of its own. What was appended before the process before this one
 * ended is there, up to its last flush.
 * @throws PLM_STORE_HELD when another process has it
 */
export async function openSeries(folder: string, options: EmbeddedOptions): Promise<EmbeddedSeries> {
  const { flushMs, onProblem, ...limits } = { ...defaults, ...options }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js'
  const start: Start = { folder, ...limits }
  const thread = new Worker(new URL(file, import.meta.url), { workerData: start, resourceLimits })
  const { ready, ask } = createAsking(thread, onProblem)
  await ready
  const interned = createInterning()
  const flush = () => ask<void>({ is: 'flush' })
  const told = (error: unknown): void =>
    onProblem(error instanceof PlimsollError ? error : new PlimsollError('PLM_INTERNAL', String(error)))
  const timer = setInterval(() => void flush().catch(told), flushMs)
  timer.unref()
  let closing: Promise<void> | undefined

  async function close(): Promise<void> {
    clearInterval(timer)
    const ended = new Promise((resolve) => thread.once('exit', resolve))
    await ask({ is: 'close' }).catch(told)
    await ended
  }

  return {
    append(readings) {
      const handed = interned(readings)
      const { refs, times, words } = handed
      return ask<Appended>({ is: 'append', readings: handed }, [
        refs.buffer,
        times.buffer,
        words.buffer,
      ] as ArrayBuffer[])
    },
    select: (matchers, from, to) => ask<readonly Points[]>({ is: 'select', matchers, from, to }),
    instant: (query, at) => ask<readonly Answer[]>({ is: 'instant', query, at }),
    range: (query, from, to, stepMs) => ask<readonly Points[]>({ is: 'range', query, from, to, stepMs }),
    status: () => ask<Status>({ is: 'status' }),
    flush,
    close() {
      closing ??= close()
      return closing
    },
  }
}
