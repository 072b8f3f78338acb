import { PerformanceObserver } from 'node:perf_hooks'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { type ErrorCode, PlimsollError, type Problem } from '../../kernel/index.ts'
import type { EnginePlan } from './engine-plan.ts'
import { watchMemory } from './memory.ts'
import { findOrigin, originKey } from './origin.ts'
import { type Driver, RequestDriver, type WorkerPlace } from './requests.ts'
import { loadScenarioFile, placeOf } from './scenario-file.ts'
import { ScenarioDriver } from './scenarios.ts'
import { loadMsOf } from './schedule.ts'
import { type SecondTally, Tally, type WorkerTally } from './tally.ts'

/** What a worker is started with. */
export type WorkerStart = { readonly plan: EnginePlan; readonly index: number }

/** What it is told: when to begin (milliseconds since 1970, with their fraction), and to stop before its time. */
export type ToWorker = { readonly is: 'begin'; readonly at: number } | { readonly is: 'stop' }

/** How the worker itself fared. */
export type WorkerHealth = {
  readonly mostConnections: number
  readonly busyMs: number
  readonly gcMs: number
  readonly longestGcMs: number
}

export type FromWorker =
  | { readonly is: 'ready' }
  /** It cannot begin. */
  | { readonly is: 'failed'; readonly code: ErrorCode; readonly problems: readonly Problem[] }
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
const port = parentPort as MessagePort
const tell = (message: FromWorker) => port.postMessage(message)
const heard = <K extends ToWorker['is']>(is: K): Promise<ToWorker & { is: K }> =>
  new Promise((resolve) => {
    const listener = (message: ToWorker) => {
      if (message.is !== is) return
      port.off('message', listener)
      resolve(message as ToWorker & { is: K })
    }
    port.on('message', listener)
  })

/** The names of requests, each looked up once. */
async function findOrigins(urls: readonly string[]) {
  const byKey = new Map(urls.map((url) => [originKey(new URL(url)), new URL(url)]))
  return new Map(
    await Promise.all([...byKey].map(async ([key, url]) => [key, await findOrigin(url)] as const)),
  )
}

/** What a scenario throws where nobody waits for it would otherwise end the whole thread. */
function watchStrays(driver: ScenarioDriver, file: string): ScenarioDriver {
  process.on('unhandledRejection', (error) => driver.stray(error))
  process.on('uncaughtException', (error) => {
    // What does not come from the scenario is a fault of our own, and not to be hidden.
    if (placeOf(error, file) === undefined) throw error
    driver.stray(error)
  })
  return driver
}

/** Makes ready whatever can be made ready before the load begins. */
async function prepare(tally: Tally): Promise<(place: WorkerPlace) => Driver> {
  const { script } = plan
  if (script.is === 'scenarios') {
    const file = await loadScenarioFile(script.file)
    const base = script.baseUrl ?? file.baseUrl
    // A name without an address is told at once, rather than by every user.
    if (base !== undefined) await findOrigin(new URL(base))
    watchMemory((used) =>
      tell({ is: 'giveUp', because: `the scenario keeps more and more: its thread used ${used}` }),
    )
    return (place) => watchStrays(new ScenarioDriver(plan, script, file, place, tally), script.file)
  }
  const origins = await findOrigins(script.requests.map(({ url }) => url))
  return (place) => new RequestDriver(plan, script.requests, origins, place, tally)
}

function watchGc(): { readonly gcMs: () => number; readonly longestGcMs: () => number } {
  let [all, longest] = [0, 0]
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      all += duration
      longest = Math.max(longest, duration)
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  return { gcMs: () => all, longestGcMs: () => longest }
}

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

/** An error of the table keeps its code on the way to the main thread. */
function tellFailure(error: unknown): never {
  if (!(error instanceof PlimsollError)) throw error
  tell({ is: 'failed', code: error.code, problems: error.problems })
  process.exit()
}

const tally = new Tally()
const make = await prepare(tally).catch(tellFailure)
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
