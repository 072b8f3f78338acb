import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { workerData } from 'node:worker_threads'
import type { EnginePlan } from './engine-plan.ts'
import { heard, port, tellFailure, watchGc } from './in-thread.ts'
import { prepareDriver } from './prepare.ts'
import type { Driver } from './requests.ts'
import { Tally, type WorkerTally } from './tally.ts'
import type { Told } from './thread.ts'
import type { WorkerHealth } from './worker.ts'

/** Two closed loads that take turns. */
export type DuetStart = {
  /** In the order of their turns; each with the warm-up of both. */
  readonly plans: readonly [EnginePlan, EnginePlan]
  /** How long a turn lasts, without the answers that it still waits for. */
  readonly turnMs: number
  /** So many turns of each count. */
  readonly turns: number
}

export type FromDuet =
  | Exclude<Told, { is: 'ended' }>
  | { readonly is: 'giveUp'; readonly because: string }
  | {
      readonly is: 'ended'
      readonly tallies: readonly [WorkerTally, WorkerTally]
      /** From the begin of each turn that counts to its last answer, in all. */
      readonly measuredMs: readonly [number, number]
      readonly health: WorkerHealth
      /** From the first turn to the last answer. */
      readonly lastedMs: number
    }

const { plans, turnMs, turns } = workerData as DuetStart
const tell = (message: FromDuet) => port.postMessage(message)

/**
 * One turn: the users of one load ask, and then nobody does until all is answered, so that the machine belongs to one
 * service at a time. @returns its length in milliseconds
 */
async function takeTurn(driver: Driver): Promise<number> {
  const from = performance.now()
  driver.resume()
  await sleep(turnMs)
  driver.pause()
  while (driver.inFlight() > 0) await turn()
  return performance.now() - from
}

async function play(drivers: readonly [Driver, Driver], measuredFrom: number, isStopped: () => boolean) {
  while (performance.now() + 2 * turnMs < measuredFrom && !isStopped())
    for (const driver of drivers) await takeTurn(driver)
  await sleep(Math.max(0, Math.ceil(measuredFrom - performance.now())))
  const measuredMs: [number, number] = [0, 0]
  for (let i = 0; i < turns && !isStopped(); i++) {
    measuredMs[0] += await takeTurn(drivers[0])
    measuredMs[1] += await takeTurn(drivers[1])
  }
  return measuredMs
}

const tallies = [new Tally(), new Tally()] as const
const giveUp = (because: string) => tell({ is: 'giveUp', because })
/** Rows that are given out once: without them one of the two would carry nothing any more. */
const usedUp = () => drivers.some((driver) => driver.early()?.usedUp === true)
const make = [
  await prepareDriver(plans[0], tallies[0], giveUp).catch(tellFailure),
  await prepareDriver(plans[1], tallies[1], giveUp).catch(tellFailure),
] as const
const begin = heard('begin')
let stopped = false
void heard('stop').then(() => {
  stopped = true
})
tell({ is: 'ready' })
// Not at once, though the thread was late: nobody may ask before it is somebody's turn.
const startAt = Math.max((await begin).at - performance.timeOrigin, performance.now() + 1)
const gc = watchGc()
const place = { index: 0, startAt }
const drivers = [make[0](place), make[1](place)] as const
for (const driver of drivers) driver.pause()
await sleep(Math.max(0, Math.ceil(startAt - performance.now())))
const measuredMs = await play(drivers, startAt + plans[0].warmUpMs, () => stopped || usedUp())
const lastedMs = performance.now() - startAt
if (usedUp()) giveUp('the rows of a feeder were used up: a comparison needs more of them, or another order')
for (const driver of drivers) driver.stop()
await Promise.all(drivers.map(({ ended }) => ended))
tell({
  is: 'ended',
  tallies: [tallies[0].whole(), tallies[1].whole()],
  measuredMs,
  health: {
    mostConnections: Math.max(...drivers.map((driver) => driver.mostConnections())),
    busyMs: drivers.reduce((sum, driver) => sum + driver.busyMs(), 0),
    gcMs: gc.gcMs(),
    longestGcMs: gc.longestGcMs(),
  },
  lastedMs,
})
port.unref()
