import { Worker } from 'node:worker_threads'
import { type ErrorCode, PlimsollError, type Problem } from '../../kernel/index.ts'

/** From the last worker's being ready to the first request. */
export const leadMs = 50
/** After all of a plan is over a machine that is busy may need so much longer. */
export const patienceMs = 10_000

/**
 * Little that is made here lives for long. Without a limit the room for what was just made grows to 192 MB; with this one
 * a request costs the same, and ten thousand users cost 20 to 30 MB less.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 24 }

/** What every thread of the engine tells: that it can begin, or that it cannot; and once, what came of it. */
export type Told =
  | { readonly is: 'ready' }
  | { readonly is: 'failed'; readonly code: ErrorCode; readonly problems: readonly Problem[] }
  | { readonly is: 'ended' }

/** What it is told: when to begin (milliseconds since 1970, with their fraction), and to stop before its time. */
export type ToThread = { readonly is: 'begin'; readonly at: number } | { readonly is: 'stop' }

/** Only what a scenario keeps can use up the memory of a thread. */
function asScenarioError(error: Error): Error {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') return error
  const text = 'a worker ended for want of memory: the scenario keeps more and more'
  return new PlimsollError('PLM_LOAD_SCENARIO', text, { cause: error })
}

/** A promise with its ends. Nobody need wait for it: a rejection that nobody hears is no fault. */
function deferred<T>() {
  const made = Promise.withResolvers<T>()
  made.promise.catch(() => {})
  return made
}

/**
 * A thread of the engine. What it throws, or tells as `failed`, rejects both `ready` and `ended`.
 * @param file beside this one
 * @param onMore told of whatever else the thread says
 */
export function startThread<M extends { readonly is: string }>(
  file: string,
  start: unknown,
  onMore: (message: Exclude<M, Told>) => void = () => {},
) {
  type Ended = Extract<M, { is: 'ended' }>
  const thread = new Worker(new URL(file, import.meta.url), { workerData: start, resourceLimits })
  const ready = deferred<void>()
  const ended = deferred<Ended>()
  const refuse = (error: Error) => {
    ready.reject(error)
    ended.reject(error)
  }
  thread.once('error', (error) => refuse(asScenarioError(error as Error)))
  thread.once('exit', (code) => refuse(new Error(`a worker of the load engine ended with ${code}`)))
  thread.on('message', (message: M | Told) => {
    if (message.is === 'ready') ready.resolve()
    else if (message.is === 'ended') ended.resolve(message as Ended)
    else if (message.is === 'failed') {
      const { code, problems } = message as Told & { is: 'failed' }
      refuse(new PlimsollError(code, problems))
    } else onMore(message as Exclude<M, Told>)
  })
  return {
    ready: ready.promise,
    ended: ended.promise,
    tell: (message: ToThread) => thread.postMessage(message),
    end: () => thread.terminate(),
  }
}

/** @throws PLM_LOAD_SCENARIO when a worker does not end: only a scenario that never gives way can keep it */
export async function inTime<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const text = 'a worker did not end in time: the scenario computes without ever waiting for anything'
    timer = setTimeout(() => reject(new PlimsollError('PLM_LOAD_SCENARIO', text)), limitMs)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

export const epochNow = (): number => performance.timeOrigin + performance.now()
