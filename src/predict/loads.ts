import { setImmediate as others } from 'node:timers/promises'
import { requestsMetric } from '../fleet/index.ts'
import { type CrossingOptions, type History, pathsInSteps } from '../forecast/index.ts'
import type { Instant } from '../kernel/index.ts'
import { aggregate, over, type SeriesStore, series } from '../series/index.ts'
import { requestsWithinHours } from './fine-requests.ts'
import { keptFor } from './kept.ts'
import { type Ahead, type AheadQuestion, aheadOf, type LoadAhead } from './plan/headroom/index.ts'
import { type Hour, hourMs, type Load, loadIn, lookBackMs } from './plan/headroom/load.ts'
import type { WithinHour } from './plan/headroom/within-hour.ts'
import { hourlyRequests } from './requests.ts'

/** What is known of the load of environments; as it was known up to ten minutes ago. */
export interface Loads {
  /** Of the last 28 days. @param isExact it is read anew */
  loadOf(place: Place, at: Instant, isExact?: boolean): Promise<Load>
  /** Requests a second of each hour of the last half year. */
  hoursOf(place: Place, at: Instant): Promise<History>
  /** Futures of its daily peaks, simulated bit by bit, so that nobody has to wait for them all. */
  futuresOf(place: Place, calendar: Calendar, at: Instant): Promise<LoadAhead>
  /** When it reaches what instances carry. */
  aheadOf(place: Place, question: AheadQuestion, calendar: Calendar, at: Instant): Promise<Ahead>
  /** Reads it anew the next time: its past has changed. */
  recount(place: Place): void
}

type Place = { readonly service: string; readonly environment: string }

/** Days that are not like others, and where days begin. */
export type Calendar = Pick<CrossingOptions, 'days' | 'dayBeginsMs'>

const keptMs = 600_000

/** All requests of an environment's gateway in the hour before: answered, lost, or given up by who asked. */
const requestsIn = ({ service, environment }: Place) =>
  aggregate(
    'sum',
    [],
    over(
      'increase',
      series(requestsMetric, { service_name: service, deployment_environment_name: environment }),
      hourMs,
    ),
  )

async function wholeHours(store: SeriesStore, place: Place, at: Instant): Promise<readonly Hour[]> {
  const end = Math.floor(at / hourMs) * hourMs
  const [answer] = await store.range(requestsIn(place), end - lookBackMs + hourMs, end, hourMs)
  if (!answer) return []
  return Array.from(answer.times, (to, i) => ({ from: to - hourMs, requests: answer.values[i] ?? 0 }))
}

async function lastHour(store: SeriesStore, place: Place, at: Instant): Promise<Hour | undefined> {
  const [answer] = await store.instant(requestsIn(place), at)
  return answer && { from: at - hourMs, requests: answer.value }
}

/** Runs steps, and lets whoever waits have a turn between two of them. */
async function takingTurns<T>(steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    await others()
  }
}

/** Reads loads from the store of what is collected, by its roll-ups. */
export function createLoads(store: SeriesStore): Loads {
  const loads = keptFor<Load>(keptMs)
  const hours = keptFor<History>(keptMs)
  const withins = keptFor<WithinHour | undefined>(keptMs)
  const aheads = keptFor<Ahead>(keptMs)
  const keyOf = ({ service, environment }: Place): string => JSON.stringify([service, environment])
  const hoursOf = (place: Place, at: Instant) =>
    hours.of(keyOf(place), '', at, () => hourlyRequests(store, place, at))
  const withinOf = (place: Place, at: Instant) =>
    withins.of(keyOf(place), '', at, () => requestsWithinHours(store, place, at))
  async function simulate(place: Place, options: CrossingOptions, at: Instant): Promise<LoadAhead> {
    const [history, within] = await Promise.all([hoursOf(place, at), withinOf(place, at)])
    return { history, within, paths: await takingTurns(pathsInSteps(history, options)) }
  }
  return {
    recount: (place) => {
      for (const kept of [loads, hours, withins, aheads]) kept.forget(keyOf(place))
    },
    hoursOf,
    loadOf: (place, at, isExact) =>
      loads.of(
        keyOf(place),
        '',
        at,
        async () => loadIn(await wholeHours(store, place, at), await lastHour(store, place, at)),
        isExact,
      ),
    futuresOf: (place, calendar, at) => simulate(place, calendar, at),
    aheadOf(place, question, calendar, at) {
      const { growthPerWeek } = question.assumed ?? {}
      const options = { ...calendar, ...(growthPerWeek === undefined ? {} : { growthPerWeek }) }
      const find = async () => aheadOf(question, await simulate(place, options, at))
      return aheads.of(keyOf(place), JSON.stringify([question, calendar]), at, find)
    },
  }
}
