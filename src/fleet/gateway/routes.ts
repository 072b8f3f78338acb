import type { Random } from '../../kernel/random.ts'
import type { UpstreamSeen } from '../traffic.ts'
import { choose, type Pinned, type Standing } from './choose.ts'
import { Connections } from './connections.ts'
import { LongLived, longestGraceMs } from './long-lived.ts'
import {
  type Conduct,
  type EjectionRules,
  goodConduct,
  judgeConduct,
  noteFailure,
  noteWell,
} from './outliers.ts'
import { type Pins, pinName, placeOf } from './pins.ts'
import type { Squeezed } from './squeeze.ts'
import { type GatewayTable, isOlder } from './table.ts'

/** An instance, as the gateway knows it. */
export type Upstream = {
  readonly fleet: string
  readonly instance: string
  readonly host: string
  readonly port: number
  readonly connections: Connections
  /** Short name of what it runs, where that is known. */
  release: string | undefined
  /** Named by the table; otherwise only kept until its last request has ended. */
  listed: boolean
  healthPath: string
  weight: number
  serving: boolean
  standing: Standing
  because: string | undefined
  /** Health checks failed in a row. */
  failures: number
  inFlight: number
  /** Requests that it failed a moment ago. */
  blamed: number
  /** It is left alone for a while, since it keeps failing. */
  ejected: boolean
  readonly conduct: Conduct
  /** Since when it takes no requests any more. */
  leftMs: number | undefined
  readonly longLived: LongLived
}

/** Watches upstreams as they come and go. */
export type Watcher = {
  readonly came: (upstream: Upstream) => void
  readonly went: (upstream: Upstream) => void
}

/** What matters of a request when an upstream is chosen for it. */
export type Asked = {
  /** Upstreams that it has been sent to before. */
  readonly except: ReadonlySet<Upstream>
  /** The client's, when clients are split. */
  readonly pin: string | undefined
}

/** The table at work. Choosing and counting are one synchronous step, so no swap can come between them. */
export interface Routes {
  table(): GatewayTable | undefined
  /** @returns false when the table is older than the one that is served */
  apply(table: GatewayTable): boolean
  /** How clients are told apart; undefined before the first table. */
  pins(): Pins | undefined
  /** Chooses an upstream and counts the request as its own. */
  claim(asked: Asked, anyStanding: boolean): Upstream | undefined
  release(upstream: Upstream): void
  /** It failed a request; `unanswered`: it gave no answer, or one that says that there is none. */
  blame(upstream: Upstream, unanswered: boolean): void
  /** It answered one as it should. */
  praise(upstream: Upstream): void
  /** The gateway itself leaves: what is long-lived is not waited for when its upstream leaves too, or (`now`) at all. */
  leave(how: 'now' | 'with the upstreams'): void
  seen(): UpstreamSeen[]
}

/** So long an instance counts as busy with a request that it failed: who fails at once is never busy, and would draw most of them. */
const blamedMs = 1_000

const keyOf = (fleet: string, u: { instance: string; host: string; port: number }): string =>
  [fleet, u.instance, u.host, u.port].join(' ')

type Given = {
  readonly random: Random
  readonly watcher: Watcher
  readonly elapsedMs: () => number
  /** The instance that takes another share than the others of its fleet, at this moment. */
  readonly squeezed: () => Squeezed | undefined
  /** So many requests an instance has at a time, where there is a limit. */
  readonly most: () => number | undefined
  /** Undefined: nobody is ejected. */
  readonly ejection: () => EjectionRules | undefined
}

export function createRoutes({ random, watcher, elapsedMs, squeezed, most, ejection }: Given): Routes {
  let table: GatewayTable | undefined
  let pins: Pins | undefined
  let leaving = false
  const upstreams = new Map<string, Upstream>()
  /** The same in a list, since it is looked through for each request. */
  let all: readonly Upstream[] = []

  function add(key: string, fleet: string, at: { instance: string; host: string; port: number }): Upstream {
    const fresh = {
      weight: 0,
      serving: false,
      because: 'not checked yet',
      failures: 0,
      inFlight: 0,
      blamed: 0,
      ejected: false,
      leftMs: undefined,
      healthPath: '/',
      release: undefined,
      listed: false,
    }
    const { instance, host, port } = at
    const upstream: Upstream = {
      ...{ fleet, instance, host, port, ...fresh },
      connections: new Connections({ host, port }),
      longLived: new LongLived(),
      conduct: goodConduct(),
      standing: 'unknown',
    }
    upstreams.set(key, upstream)
    all = [...upstreams.values()]
    return upstream
  }

  function remove(key: string): void {
    upstreams.delete(key)
    all = [...upstreams.values()]
  }

  /** Brings in what the table names. @returns the keys of all that it names */
  function bringIn(next: GatewayTable): Set<string> {
    const named = new Set<string>()
    for (const { fleet, release, weight, healthPath, upstreams: wanted } of next.fleets)
      for (const want of wanted) {
        const key = keyOf(fleet, want)
        const upstream = upstreams.get(key) ?? add(key, fleet, want)
        const isNew = !upstream.listed
        Object.assign(upstream, { release, weight, healthPath, serving: want.serving, listed: true })
        named.add(key)
        if (isNew) watcher.came(upstream)
      }
    return named
  }

  function stay(upstream: Upstream): void {
    upstream.connections.keeping = true
    upstream.leftMs = undefined
    upstream.longLived.stay()
  }

  /** It takes no requests any more: what it has is finished, within a time that a deployment waits for. */
  function leave(upstream: Upstream): void {
    upstream.connections.letGo()
    upstream.leftMs ??= elapsedMs()
    upstream.longLived.leave(leaving ? 0 : Math.min(longestGraceMs, table?.requestTimeoutMs ?? 0))
  }

  function letGo(key: string, upstream: Upstream): void {
    upstream.serving = false
    upstream.listed = false
    leave(upstream)
    watcher.went(upstream)
    if (upstream.inFlight === 0) remove(key)
  }

  function pinned(pin: string | undefined): Pinned | undefined {
    const shares = table?.fleets ?? []
    const newest = shares.at(-1)?.fleet
    return pin === undefined || newest === undefined ? undefined : { shares, place: placeOf(pin, newest) }
  }

  /** Whether it is left alone from now on; what the squeezed one fails is what somebody wants to see. */
  function judge(upstream: Upstream): void {
    const rules = ejection()
    noteFailure(upstream.conduct)
    if (!rules || squeezed()?.instance === upstream.instance) return
    const members = all.filter(
      ({ fleet, serving, weight, standing }) =>
        fleet === upstream.fleet && serving && weight > 0 && standing === 'healthy',
    )
    const conducts = members.map(({ conduct }) => conduct)
    upstream.ejected ||= judgeConduct(upstream.conduct, conducts, rules, elapsedMs())
    if (upstream.ejected) setTimeout(lookAtEjected, upstream.conduct.lastMs).unref()
    lookAtEjected()
  }

  /** A timer may be early by a part of a millisecond. */
  function lookAtEjected(): void {
    for (const upstream of all) upstream.ejected &&= upstream.conduct.untilMs > elapsedMs() + 1
  }

  return {
    table: () => table,
    pins: () => pins,
    apply(next) {
      if (table && isOlder(next, table)) return false
      table = next
      pins = { name: pinName(next.environment), given: next.split === 'cookie' }
      const named = bringIn(next)
      for (const [key, upstream] of upstreams) if (!named.has(key)) letGo(key, upstream)
      for (const upstream of upstreams.values())
        if (upstream.serving && upstream.weight > 0) stay(upstream)
        else leave(upstream)
      return true
    },
    claim({ except, pin }, anyStanding) {
      const open = except.size === 0 ? all : all.filter((upstream) => !except.has(upstream))
      const chosen = choose(open, anyStanding, random, {
        ...{ pinned: pinned(pin), squeezed: squeezed(), most: most() },
      })
      if (chosen) chosen.inFlight++
      return chosen
    },
    release(upstream) {
      upstream.inFlight--
      if (upstream.inFlight === 0 && !upstream.listed) remove(keyOf(upstream.fleet, upstream))
    },
    blame(upstream, unanswered) {
      upstream.blamed++
      setTimeout(() => upstream.blamed--, blamedMs).unref()
      if (unanswered) judge(upstream)
      else noteWell(upstream.conduct)
    },
    praise({ conduct }) {
      if (conduct.streak > 0) noteWell(conduct)
    },
    leave(how) {
      leaving = true
      if (how === 'now') for (const upstream of upstreams.values()) upstream.longLived.leave(0)
    },
    seen: () => [...upstreams.values()].map((upstream) => seenOf(upstream, elapsedMs())),
  }
}

function seenOf(upstream: Upstream, nowMs: number): UpstreamSeen {
  const { instance, fleet, standing, serving, inFlight, because, ejected, conduct } = upstream
  return {
    ...{ instance, fleet, healthy: standing === 'healthy', serving, inFlight },
    ...(standing === 'healthy' || because === undefined ? {} : { because }),
    ...(conduct.ejections > 0 ? { ejections: conduct.ejections } : {}),
    ...(ejected ? { ejectedForMs: Math.max(0, Math.round(conduct.untilMs - nowMs)) } : {}),
  }
}
