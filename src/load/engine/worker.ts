import { workerData } from 'node:worker_threads'
import type { EnginePlan } from './engine-plan.ts'
import { heard, port, tellFailure, watchGc } from './in-thread.ts'
import { prepareDriver } from './prepare.ts'
import type { Driver } from './requests.ts'
import { loadMsOf } from './schedule.ts'
import { type SecondTally, Tally, type WorkerTally } from './tally.ts'
import type { Told } from './thread.ts'

/** What a worker is started with. */
export type WorkerStart = { readonly plan: EnginePlan; readonly index: number }

/** How the worker itself fared. */
export type WorkerHealth = {
  readonly mostConnections: number
  readonly busyMs: number
  readonly gcMs: number
  readonly longestGcMs: number
}

export type FromWorker =
  | Exclude<Told, { is: 'ended' }>
  | { readonly is: 'second'; readonly tally: SecondTally }
  /** The load has to end before its time. */
  | { readonly is: 'giveUp'; readonly because: string }
  | {
      readonly is: 'ended'
      readonly tally: WorkerTally
      readonly health: WorkerHealth
      /** When a feeder had no more rows: milliseconds since 1970. */
      readonly usedUpAt?: number
    }

const { plan, index } = workerData as WorkerStart
const tell = (message: FromWorker) => port.postMessage(message)

/** Tells of every second that is over, as long as the load goes on. @returns tells of the last one, too */
function tellSeconds(measuredFrom: number, driver: Driver, tally: Tally): () => void {
  let second = -Math.ceil(plan.warmUpMs / 1_000)
  let timer: NodeJS.Timeout
  const lengthMs = () => {
    const endsAt = Math.min(
      measuredFrom + loadMsOf(plan.load),
      driver.early()?.at ?? Number.POSITIVE_INFINITY,
    )
    return Math.round(Math.min(1_000, Math.max(0, endsAt - measuredFrom - second * 1_000)))
  }
  const tellOne = () => {
    // Of the warm-up nothing is counted; what is there already belongs to the first second.
    const warmUp = { second, lengthMs: 1_000, names: [], checks: [] }
    tell({ is: 'second', tally: second < 0 ? warmUp : tally.takeSecond(second, lengthMs()) })
    second++
  }
  const wait = () => {
    timer = setTimeout(
      () => {
        while (performance.now() >= measuredFrom + (second + 1) * 1_000) tellOne()
        wait()
      },
      Math.max(0, measuredFrom + (second + 1) * 1_000 - performance.now()),
    )
  }
  wait()
  return () => {
    clearTimeout(timer)
    tellOne()
  }
}

const tally = new Tally()
const make = await prepareDriver(plan, tally, (because) => tell({ is: 'giveUp', because })).catch(tellFailure)
const begin = heard('begin')
const stopped = heard('stop')
tell({ is: 'ready' })
const startAt = (await begin).at - performance.timeOrigin
const gc = watchGc()
const driver = make({ index, startAt })
void stopped.then(() => driver.stop())
const tellLast = tellSeconds(startAt + plan.warmUpMs, driver, tally)
await driver.ended
tellLast()
const early = driver.early()
tell({
  is: 'ended',
  tally: tally.whole(),
  health: {
    mostConnections: driver.mostConnections(),
    busyMs: driver.busyMs(),
    gcMs: gc.gcMs(),
    longestGcMs: gc.longestGcMs(),
  },
  ...(early?.usedUp ? { usedUpAt: performance.timeOrigin + early.at } : {}),
})
port.unref()
