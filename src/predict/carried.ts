import { requestsMetric } from '../fleet/index.ts'
import type { Instant } from '../kernel/index.ts'
import { aggregate, over, type Points, type Query, type SeriesStore, series } from '../series/index.ts'
import { type Carried, type CarriedSpan, carriedIn, type LiveSpan } from './plan/carried.ts'

const spanMs = 300_000
const hourMs = 3_600_000
/** In so many of the busiest hours the busiest minutes are looked for: to read all of four weeks so finely takes seconds. */
const mostHours = 12
/** So far back it is looked for: as far as a busiest hour is. */
const lookBackMs = 28 * 86_400_000
/** A release is live for days, and most of them have been read before. */
const keptMs = 3_600_000

/** What is promised, and the queries that count its events over so many milliseconds. */
export type CountedPromise = {
  readonly objective: number
  readonly bad: (windowMs: number) => Query
  readonly total: (windowMs: number) => Query
}

export type CarriedQuestion = {
  readonly service: string
  readonly environment: string
  readonly lives: readonly LiveSpan[]
  /** The release that runs, and with how many instances. */
  readonly release: string
  readonly instances: number
  readonly promises: readonly CountedPromise[]
}

/** What environments have carried, as far as their gateways have counted. */
export interface CarriedHistory {
  /** The most within what is promised; as it was known up to an hour ago. Undefined: nothing is known, or promised. */
  carriedBy(question: CarriedQuestion, at: Instant): Promise<Carried | undefined>
}

const valuesOf = (answer: Points | undefined): ReadonlyMap<Instant, number> =>
  new Map(Array.from(answer?.times ?? [], (at, i) => [at, answer?.values[i] ?? Number.NaN]))

const requestsIn = ({ service, environment }: CarriedQuestion, windowMs: number): Query => {
  const labels = { service_name: service, deployment_environment_name: environment }
  return aggregate('sum', [], over('increase', series(requestsMetric, labels), windowMs))
}

/** Beginnings of the hours in which the busiest minutes may be: the busiest, and those that are not known as a whole. */
async function hoursIn(
  store: SeriesStore,
  question: CarriedQuestion,
  from: Instant,
  to: Instant,
): Promise<readonly Instant[]> {
  const [first, last] = [Math.ceil(from / hourMs) * hourMs, Math.floor(to / hourMs) * hourMs]
  const [answer] =
    last > first ? await store.range(requestsIn(question, hourMs), first + hourMs, last, hourMs) : []
  const busiest = [...valuesOf(answer)]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, mostHours)
    .map(([at]) => at - hourMs)
  return [...new Set([first - hourMs, ...busiest, last])]
}

async function spansIn(
  store: SeriesStore,
  question: CarriedQuestion,
  from: Instant,
  to: Instant,
): Promise<readonly CarriedSpan[]> {
  if (!(to > from)) return []
  const read = async (query: Query) => {
    const [answer] = await store.range(query, from + spanMs, to, spanMs)
    return valuesOf(answer)
  }
  const requests = await read(requestsIn(question, spanMs))
  const counted = await Promise.all(
    question.promises.map(async ({ objective, bad, total }) => ({
      objective,
      bad: await read(bad(spanMs)),
      total: await read(total(spanMs)),
    })),
  )
  return [...requests].map(([at, count]) => ({
    ...{ from: at - spanMs, to: at, requests: count },
    promises: counted.map(({ objective, bad, total }) => ({
      objective,
      // Of two counters that are read apart, one may be a scrape behind.
      bad: Math.max(0, bad.get(at) ?? Number.NaN),
      total: total.get(at) ?? 0,
    })),
  }))
}

/** Reads it from the store of what is collected, five minutes by five minutes of its busiest hours. */
export function createCarried(store: SeriesStore): CarriedHistory {
  const kept = new Map<string, { readonly at: Instant; readonly found: Promise<Carried | undefined> }>()

  async function read(question: CarriedQuestion, at: Instant): Promise<Carried | undefined> {
    const { lives, release, instances, promises } = question
    const since = Math.min(...lives.filter((one) => one.release === release).map(({ from }) => from))
    const from = Math.ceil(Math.max(since, at - lookBackMs) / spanMs) * spanMs
    const to = Math.floor(at / spanMs) * spanMs
    if (promises.length === 0 || !(to > from)) return undefined
    const spans = (await hoursIn(store, question, from, to)).map((hour) =>
      spansIn(store, question, Math.max(from, hour), Math.min(to, hour + hourMs)),
    )
    return carriedIn((await Promise.all(spans)).flat(), lives, { release, instances })
  }

  return {
    carriedBy(question, at) {
      const { promises, ...place } = question
      const key = JSON.stringify([place, promises.map(({ objective }) => objective)])
      const known = kept.get(key)
      if (known && at >= known.at && at - known.at < keptMs) return known.found
      const found = read(question, at)
      kept.set(key, { at, found })
      // What could not be read is read again.
      found.catch(() => kept.delete(key))
      return found
    },
  }
}
