import { Worker } from 'node:worker_threads'
import { PlimsollError } from '../../kernel/index.ts'
import { durationOf } from '../plan/profile.ts'
import type { EnginePlan } from './engine-plan.ts'
import { mergeParts, mergeTallies, type Part, type Parts, partsOf, type WholeTally } from './merge.ts'
import type { FromWorker, ToWorker, WorkerHealth, WorkerStart } from './worker.ts'

/** One second of all workers; number 0 is the first after the warm-up. */
export type Second = { readonly second: number; readonly parts: Parts }

/** What a run of the engine found. */
export type EngineEnd = {
  /** Milliseconds since 1970, of the first measured moment. */
  readonly measuredFrom: number
  readonly measuredMs: number
  readonly tally: WholeTally
  readonly seconds: readonly Second[]
  readonly health: readonly WorkerHealth[]
  /** User and system time of this whole process, from the begin of the warm-up. */
  readonly cpuMs: number
  readonly stoppedEarly?: string
}

export type EngineOptions = {
  readonly plan: EnginePlan
  /** Called with each second when all workers have told theirs; a text ends the load, and says why. */
  readonly onSecond?: (second: Second) => string | undefined
  readonly signal?: AbortSignal
}

/** From the last worker's being ready to the first request. */
const leadMs = 50
const patienceMs = 10_000

type Told = { -readonly [K in FromWorker['is']]?: FromWorker & { is: K } }

/** A worker thread; what it throws rejects `ended`. */
function startWorker(start: WorkerStart, onSecond: (message: FromWorker & { is: 'second' }) => void) {
  const thread = new Worker(new URL('./worker.ts', import.meta.url), { workerData: start })
  const waiting: Partial<Record<FromWorker['is'], (message: never) => void>> = {}
  const told: Told = {}
  let refuse: (error: Error) => void = () => {}
  const failed = new Promise<never>((_, reject) => {
    refuse = reject
    thread.once('error', reject)
    thread.once('exit', (code) => reject(new Error(`a worker of the load engine ended with ${code}`)))
  })
  failed.catch(() => {})
  thread.on('message', (message: FromWorker) => {
    if (message.is === 'second') onSecond(message)
    else if (message.is === 'failed') refuse(new PlimsollError(message.code, message.problems))
    else waiting[message.is]?.(message as never)
    told[message.is] = message as never
  })
  const hear = <K extends 'ready' | 'ended'>(is: K): Promise<FromWorker & { is: K }> =>
    Promise.race([
      failed,
      new Promise<FromWorker & { is: K }>((resolve) => {
        const known = told[is] as (FromWorker & { is: K }) | undefined
        if (known) resolve(known)
        else waiting[is] = resolve as (message: never) => void
      }),
    ])
  const [ready, ended] = [hear('ready'), hear('ended')]
  // Whoever waits for the one hears of a failure, and need not wait for the other.
  for (const promise of [ready, ended]) promise.catch(() => {})
  return {
    ready,
    ended,
    tell: (message: ToWorker) => thread.postMessage(message),
    end: () => thread.terminate(),
  }
}

const loadMs = ({ load }: Pick<EnginePlan, 'load'>): number =>
  load.model === 'open' ? durationOf(load.stages) : load.durationMs

/** After the last request of a plan has its end everything of it is over; more is for a machine that is busy. */
const longestMs = ({ load, warmUpMs, timeoutMs }: EnginePlan): number =>
  leadMs + warmUpMs + loadMs({ load }) + timeoutMs + patienceMs

/** @throws PLM_LOAD_SCENARIO when a worker does not end: only a scenario that never gives way can keep it */
async function inTime<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const text = 'a worker did not end in time: the scenario computes without ever waiting for anything'
    timer = setTimeout(() => reject(new PlimsollError('PLM_LOAD_SCENARIO', text)), limitMs)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

const epochNow = (): number => performance.timeOrigin + performance.now()

/** Puts seconds of several workers together; each is given on when all have told it. */
function gatherSeconds(workers: number, onWhole: (second: Second) => void) {
  const partial = new Map<number, Parts[]>()
  const whole: Second[] = []
  const add = (second: number, parts: readonly Parts[]) => {
    const one = { second, parts: mergeParts(parts) }
    whole.push(one)
    onWhole(one)
  }
  return {
    tell({ tally }: FromWorker & { is: 'second' }) {
      const parts = [...(partial.get(tally.second) ?? []), partsOf(tally)]
      partial.set(tally.second, parts)
      if (parts.length < workers) return
      partial.delete(tally.second)
      add(tally.second, parts)
    },
    /** Those, too, that not every worker lived to see. */
    finish(): readonly Second[] {
      for (const [second, parts] of [...partial].sort(([a], [b]) => a - b)) add(second, parts)
      partial.clear()
      return whole
    },
  }
}

/**
 * Makes the load of a plan in worker threads of this process, and counts what becomes of every request.
 * @throws PLM_LOAD_TARGET when a name has no address, PLM_LOAD_SCENARIO when a scenario's file cannot be used
 */
export async function runEngine({ plan, onSecond, signal }: EngineOptions): Promise<EngineEnd> {
  let stoppedEarly: string | undefined
  const stop = (because: string) => {
    stoppedEarly ??= because
    for (const worker of workers) worker.tell({ is: 'stop' })
  }
  const seconds = gatherSeconds(plan.workers, (second) => {
    const because = onSecond?.(second)
    if (because !== undefined) stop(because)
  })
  const workers = Array.from({ length: plan.workers }, (_, index) =>
    startWorker({ plan, index }, (message) => seconds.tell(message)),
  )
  const onAbort = () => stop('it was interrupted')
  try {
    await Promise.all(workers.map(({ ready }) => ready))
    signal?.addEventListener('abort', onAbort, { once: true })
    const at = epochNow() + leadMs
    const cpu = process.cpuUsage()
    for (const worker of workers) worker.tell({ is: 'begin', at })
    if (signal?.aborted) onAbort()
    const ends = await inTime(Promise.all(workers.map(({ ended }) => ended)), longestMs(plan))
    const { user, system } = process.cpuUsage(cpu)
    return {
      measuredFrom: at + plan.warmUpMs,
      // Answers may come in after the last second of the load; they belong to requests of its time.
      measuredMs: stoppedEarly === undefined ? loadMs(plan) : epochNow() - at - plan.warmUpMs,
      tally: mergeTallies(ends.map(({ tally }) => tally)),
      seconds: seconds.finish(),
      health: ends.map(({ health }) => health),
      cpuMs: (user + system) / 1_000,
      ...(stoppedEarly === undefined ? {} : { stoppedEarly }),
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await Promise.all(workers.map((worker) => worker.end()))
  }
}

export type { Part, Parts }
