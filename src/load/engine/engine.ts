import type { EnginePlan } from './engine-plan.ts'
import { collectOnce } from './garbage.ts'
import { mergeParts, mergeTallies, type Parts, partsOf, type WholeTally } from './merge.ts'
import { loadMsOf } from './schedule.ts'
import type { SecondTally } from './tally.ts'
import { epochNow, inTime, leadMs, startThread, patienceMs as usualPatienceMs } from './thread.ts'
import type { FromWorker, WorkerHealth, WorkerStart } from './worker.ts'

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

/** A worker without a connection could send nothing, and one without a user has nothing to send. */
const usefulWorkers = ({ workers, connections, load }: EnginePlan): number =>
  Math.min(workers, connections, load.model === 'closed' ? load.users : workers)

/** After the last request of a plan has its end everything of it is over; more is for a machine that is busy. */
const longestMs = ({ load, warmUpMs, timeoutMs, patienceMs = usualPatienceMs }: EnginePlan): number =>
  leadMs + warmUpMs + loadMsOf(load) + timeoutMs + patienceMs

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
  collectOnce()
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
    startThread<FromWorker>('./worker.ts', { plan, index } satisfies WorkerStart, (message) => {
      if (message.is === 'second') seconds.tell(message)
      else stop(message.because)
    }),
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
