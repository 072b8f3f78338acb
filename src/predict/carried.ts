import { requestsMetric } from '../fleet/index.ts'
import type { Instant } from '../kernel/index.ts'
import { aggregate, over, type Points, type Query, type SeriesStore, series } from '../series/index.ts'
import { type Carried, type CarriedSpan, carriedIn, type LiveSpan } from './plan/carried.ts'

const spanMs = 300_000
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

async function spansIn(
  store: SeriesStore,
  { service, environment, promises }: CarriedQuestion,
  from: Instant,
  to: Instant,
): Promise<readonly CarriedSpan[]> {
  const read = async (query: Query) => {
    const [answer] = await store.range(query, from + spanMs, to, spanMs)
    return valuesOf(answer)
  }
  const labels = { service_name: service, deployment_environment_name: environment }
  const requests = await read(aggregate('sum', [], over('increase', series(requestsMetric, labels), spanMs)))
  const counted = await Promise.all(
    promises.map(async ({ objective, bad, total }) => ({
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

/** Reads it from the store of what is collected, five minutes by five minutes. */
export function createCarried(store: SeriesStore): CarriedHistory {
  const kept = new Map<string, { readonly at: Instant; readonly found: Promise<Carried | undefined> }>()

  async function read(question: CarriedQuestion, at: Instant): Promise<Carried | undefined> {
    const { lives, release, instances, promises } = question
    const since = Math.min(...lives.filter((one) => one.release === release).map(({ from }) => from))
    const from = Math.ceil(Math.max(since, at - lookBackMs) / spanMs) * spanMs
    const to = Math.floor(at / spanMs) * spanMs
    if (promises.length === 0 || !(to > from)) return undefined
    return carriedIn(await spansIn(store, question, from, to), lives, { release, instances })
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
