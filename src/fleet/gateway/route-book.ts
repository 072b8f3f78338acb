import type { RouteCounts, TrafficSeen } from '../traffic.ts'
import { createHttpRoutes, type HttpRoutes } from './http-routes.ts'

/** How many requests of a route ended in each way, in this order: by hundreds of their status, lost, abandoned. */
const ways = 7
const lostWay = 5
const abandonedWay = 6

/** Upper ends of buckets, in milliseconds. */
type Edges = Float64Array

type Account = {
  readonly ended: Float64Array
  readonly buckets: Float64Array
  sumMs: number
}

/** Fleets that are gone are forgotten with the ledger's own; more than so many at a time there are not. */
const fleetsKept = 8

/** What became of requests by their routes; begins anew with each process, and whenever the routes change. */
export interface RouteBook {
  /** @param edgesMs upper ends of the buckets of latencies, ascending */
  serve(templates: readonly string[], edgesMs: readonly number[]): void
  answered(fleet: string, url: string, status: number, durationMs: number): void
  lost(fleet: string, url: string): void
  abandoned(fleet: string, url: string): void
  /** Nothing where there are no routes. */
  seen(): Pick<TrafficSeen, 'routes'>
}

const same = (a: readonly string[] | Edges, b: readonly (string | number)[]): boolean =>
  a.length === b.length && b.every((one, i) => one === a[i])

class OpenRouteBook implements RouteBook {
  #routes: HttpRoutes | undefined
  #templates: readonly string[] = []
  #edges: Edges = new Float64Array()
  readonly #fleets = new Map<string, (Account | undefined)[]>()
  /** Requests of one fleet come one after the other. */
  #last: { readonly fleet: string; readonly accounts: (Account | undefined)[] } | undefined

  serve(templates: readonly string[], edgesMs: readonly number[]): void {
    if (same(this.#templates, templates) && same(this.#edges, edgesMs)) return
    this.#templates = templates
    this.#edges = Float64Array.from(edgesMs)
    this.#routes = createHttpRoutes(templates)
    this.#fleets.clear()
    this.#last = undefined
  }

  answered(fleet: string, url: string, status: number, durationMs: number): void {
    if (!this.#routes) return
    const account = this.#of(fleet, this.#routes.find(url))
    const way = Math.min(Math.max(Math.floor(status / 100), 1), 5) - 1
    account.ended[way] = (account.ended[way] ?? 0) + 1
    const edges = this.#edges
    let bucket = 0
    while (bucket < edges.length && durationMs > (edges[bucket] ?? 0)) bucket++
    account.buckets[bucket] = (account.buckets[bucket] ?? 0) + 1
    account.sumMs += durationMs
  }

  lost(fleet: string, url: string): void {
    this.#end(fleet, url, lostWay)
  }

  abandoned(fleet: string, url: string): void {
    this.#end(fleet, url, abandonedWay)
  }

  seen(): Pick<TrafficSeen, 'routes'> {
    const names = this.#routes?.names
    if (!names) return {}
    const routes = [...this.#fleets].map(([fleet, accounts]) => [
      fleet,
      accounts.flatMap((account, i) => (account ? [countsOf(names[i] ?? '', account, this.#edges)] : [])),
    ])
    return { routes: Object.fromEntries(routes) }
  }

  #end(fleet: string, url: string, way: number): void {
    if (!this.#routes) return
    const { ended } = this.#of(fleet, this.#routes.find(url))
    ended[way] = (ended[way] ?? 0) + 1
  }

  #of(fleet: string, route: number): Account {
    if (this.#last?.fleet !== fleet) this.#last = { fleet, accounts: this.#fleetOf(fleet) }
    const { accounts } = this.#last
    const known = accounts[route]
    if (known) return known
    const fresh: Account = {
      ended: new Float64Array(ways),
      buckets: new Float64Array(this.#edges.length + 1),
      sumMs: 0,
    }
    accounts[route] = fresh
    return fresh
  }

  #fleetOf(fleet: string): (Account | undefined)[] {
    const known = this.#fleets.get(fleet)
    if (known) return known
    const [oldest] = this.#fleets.keys()
    if (this.#fleets.size >= fleetsKept && oldest !== undefined) this.#fleets.delete(oldest)
    const fresh = new Array<Account | undefined>(this.#templates.length + 1).fill(undefined)
    this.#fleets.set(fleet, fresh)
    return fresh
  }
}

function countsOf(route: string, { ended, buckets, sumMs }: Account, edges: Edges): RouteCounts {
  const [c1 = 0, c2 = 0, c3 = 0, c4 = 0, c5 = 0, lost = 0, abandoned = 0] = ended
  return {
    route,
    byClass: { '1': c1, '2': c2, '3': c3, '4': c4, '5': c5 },
    ...{ lost, abandoned },
    latency: { upperMs: [...edges], counts: [...buckets] },
    sumMs,
  }
}

export const createRouteBook = (): RouteBook => new OpenRouteBook()
