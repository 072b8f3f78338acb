import { Worker } from 'node:worker_threads'
import { PlimsollError } from '../../kernel/index.ts'
import type { EnginePlan } from './engine-plan.ts'
import { mergeParts, mergeTallies, type Parts, partsOf, type WholeTally } from './merge.ts'
import { loadMsOf } from './schedule.ts'
import type { SecondTally } from './tally.ts'
import type { FromWorker, ToWorker, WorkerHealth, WorkerStart } from './worker.ts'

/** One second of all workers; number 0 is the first after the warm-up. */
export type Second = {
  readonly second: number
  /** How much of it belongs to the load; 0: only answers that came in after it. */
  readonly lengthMs: number
  readonly parts: Parts
}

/** What a run of the engine found. */
export type EngineEnd = {
  /** Milliseconds since 1970, of the first measured moment. */
  readonly measuredFrom: number
  readonly measuredMs: number
  readonly tally: WholeTally
  readonly health: readonly WorkerHealth[]
  /** User and system time of this whole process, from the begin of the warm-up. */
  readonly cpuMs: number
  readonly stoppedEarly?: string
  /** It ended early because a feeder had no more rows, which is no fault. */
  readonly usedUp: boolean
}

export type EngineOptions = {
  readonly plan: EnginePlan
  /** Called with each second when all workers have told theirs, and not kept; a text ends the load, and says why. */
  readonly onSecond?: (second: Second) => string | undefined
  readonly signal?: AbortSignal
}

/** From the last worker's being ready to the first request. */
const leadMs = 50
const patienceMs = 10_000
/**
 * Little that is made here lives for long. Without a limit the room for what was just made grows to 192 MB; with this one
 * a request costs the same, and ten thousand users cost 10 to 20 MB less. Half of it collects garbage twice as often.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 48 }

type Told = { -readonly [K in FromWorker['is']]?: FromWorker & { is: K } }

/** Only what a scenario keeps can use up the memory of a thread. */
function asScenarioError(error: Error): Error {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') return error
  const text = 'a worker ended for want of memory: the scenario keeps more and more'
  return new PlimsollError('PLM_LOAD_SCENARIO', text, { cause: error })
}

type Heard<K extends FromWorker['is']> = (message: FromWorker & { is: K }) => void

/** A worker thread; what it throws rejects `ended`. */
function startWorker(start: WorkerStart, onSecond: Heard<'second'>, onGiveUp: Heard<'giveUp'>) {
  const thread = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: start,
    resourceLimits,
  })
  const waiting: Partial<Record<FromWorker['is'], (message: never) => void>> = {}
  const told: Told = {}
  let refuse: (error: Error) => void = () => {}
  const failed = new Promise<never>((_, reject) => {
    refuse = reject
    thread.once('error', (error) => reject(asScenarioError(error)))
    thread.once('exit', (code) => reject(new Error(`a worker of the load engine ended with ${code}`)))
  })
  failed.catch(() => {})
  thread.on('message', (message: FromWorker) => {
    if (message.is === 'second') onSecond(message)
    else if (message.is === 'giveUp') onGiveUp(message)
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

/** A worker without a connection could send nothing, and one without a user has nothing to send. */
const usefulWorkers = ({ workers, connections, load }: EnginePlan): number =>
  Math.min(workers, connections, load.model === 'closed' ? load.users : workers)

/** After the last request of a plan has its end everything of it is over; more is for a machine that is busy. */
const longestMs = ({ load, warmUpMs, timeoutMs }: EnginePlan): number =>
  leadMs + warmUpMs + loadMsOf(load) + timeoutMs + patienceMs

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
  const partial = new Map<number, SecondTally[]>()
  const give = (second: number, told: readonly SecondTally[]) => {
    partial.delete(second)
    const lengthMs = Math.max(...told.map((one) => one.lengthMs))
    onWhole({ second, lengthMs, parts: mergeParts(told.map(partsOf)) })
  }
  return {
    tell({ tally }: FromWorker & { is: 'second' }) {
      const told = [...(partial.get(tally.second) ?? []), tally]
      partial.set(tally.second, told)
      if (told.length === workers) give(tally.second, told)
    },
    /** Those, too, that not every worker lived to see. */
    finish() {
      for (const [second, told] of [...partial].sort(([a], [b]) => a - b)) give(second, told)
    },
  }
}

/**
 * Makes the load of a plan in worker threads of this process, and counts what becomes of every request.
 * @throws PLM_LOAD_TARGET when a name has no address, PLM_LOAD_SCENARIO when a scenario's file cannot be used
 */
export async function runEngine({ plan: asked, onSecond, signal }: EngineOptions): Promise<EngineEnd> {
  const plan = { ...asked, workers: usefulWorkers(asked) }
  let stopped: { readonly because: string; readonly at: number } | undefined
  const stop = (because: string) => {
    stopped ??= { because, at: epochNow() }
    for (const worker of workers) worker.tell({ is: 'stop' })
  }
  const seconds = gatherSeconds(plan.workers, (second) => {
    const because = onSecond?.(second)
    if (because !== undefined) stop(because)
  })
  const workers = Array.from({ length: plan.workers }, (_, index) =>
    startWorker(
      { plan, index },
      (message) => seconds.tell(message),
      ({ because }) => stop(because),
    ),
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
    const measuredFrom = at + plan.warmUpMs
    const usedUpAt = Math.max(...ends.map((end) => end.usedUpAt ?? Number.POSITIVE_INFINITY))
    const endedAt = stopped?.at ?? usedUpAt
    seconds.finish()
    return {
      measuredFrom,
      // Answers may come in after the last second of the load; they belong to requests of its time.
      measuredMs: Math.max(0, Math.min(loadMsOf(plan.load), endedAt - measuredFrom)),
      tally: mergeTallies(ends.map(({ tally }) => tally)),
      health: ends.map(({ health }) => health),
      cpuMs: (user + system) / 1_000,
      usedUp: stopped === undefined && Number.isFinite(usedUpAt),
      ...(stopped === undefined ? {} : { stoppedEarly: stopped.because }),
    }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    await Promise.all(workers.map((worker) => worker.end()))
  }
}
