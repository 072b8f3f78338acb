import { createHistogram, type Histogram } from '../../kernel/histogram.ts'
import type { Counts, LostRequest } from '../traffic.ts'
import { type Account, type Book, figures } from './book.ts'
import { createFailedClients, type FailedClients } from './failed-clients.ts'

type Class = keyof Counts['byClass']
type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Page = Mutable<Omit<Counts, 'latency' | 'byClass' | 'inFlight'>> & {
  readonly byClass: Record<Class, number>
  readonly latency: Histogram
  readonly failing: FailedClients
  readonly fleet: string
  /** Its place in the book. */
  readonly number: number
  /** What this process counted itself: only that goes into its book. */
  readonly own: Account
}

const lostKept = 100
/** Fleets that are remembered; beyond them, the oldest one with nothing in flight is forgotten. */
const fleetsKept = 64

const newAccount = (): Account => ({
  accepted: 0,
  answered: 0,
  lost: 0,
  abandoned: 0,
  retried: 0,
  failedClients: 0,
  '1': 0,
  '2': 0,
  '3': 0,
  '4': 0,
  '5': 0,
})

const newPage = (fleet: string, number: number): Page => ({
  fleet,
  number,
  own: newAccount(),
  accepted: 0,
  answered: 0,
  byClass: { '1': 0, '2': 0, '3': 0, '4': 0, '5': 0 },
  lost: 0,
  abandoned: 0,
  retried: 0,
  failedClients: 0,
  latency: createHistogram(),
  failing: createFailedClients(),
})

const inFlightOf = (page: Page): number => page.accepted - page.answered - page.lost - page.abandoned

/** One accepted request. Exactly one of its ends is counted, the first; later ones change nothing. */
export interface Entry {
  retried(): void
  answered(status: number, durationMs: number): void
  abandoned(): void
  lost(what: Omit<LostRequest, 'fleet'>): void
}

/** What became of every request, by fleet: accepted = answered + lost + abandoned + in flight, always. */
export interface Ledger {
  accept(fleet: string): Entry
  /** A fleet failed a client at a time, in milliseconds of any clock that does not go back. */
  failed(fleet: string, client: string, nowMs: number): void
  /** Nobody could take it. */
  refuse(): void
  /** Adds what another gateway of this line has counted. */
  inherit(fleet: string, account: Account): void
  /** Takes the account of one that is gone into this process's own book: so many were in flight and are lost. */
  adopt(fleet: string, account: Account, cut: number): void
  seen(): { counts: Record<string, Counts>; refused: number; lost: readonly LostRequest[] }
  /** Writes down what has been counted since the last turn of the event loop. */
  settle(): void
}

/** What counts in a ledger. */
type Counter = {
  readonly count: (page: Page, figure: Exclude<keyof Account, Class>) => void
  readonly answered: (page: Page, status: number, durationMs: number) => void
  readonly keep: (request: LostRequest) => void
}

class Open implements Entry {
  readonly #counter: Counter
  readonly #page: Page
  #ended = false

  constructor(counter: Counter, page: Page) {
    this.#counter = counter
    this.#page = page
  }

  retried(): void {
    this.#counter.count(this.#page, 'retried')
  }

  answered(status: number, durationMs: number): void {
    if (this.#ends()) this.#counter.answered(this.#page, status, durationMs)
  }

  abandoned(): void {
    if (this.#ends()) this.#counter.count(this.#page, 'abandoned')
  }

  lost(what: Omit<LostRequest, 'fleet'>): void {
    if (!this.#ends()) return
    this.#counter.count(this.#page, 'lost')
    this.#counter.keep({ ...what, fleet: this.#page.fleet })
  }

  /** @returns whether this is its first end */
  #ends(): boolean {
    const isFirst = !this.#ended
    this.#ended = true
    return isFirst
  }
}

/**
 * @param book where what is counted is written, so that the account outlives this process: that a request was accepted
 * before anybody is asked, how it ended at the end of the turn of the event loop, with all others that ended in it.
 * Should the process be killed in between, more is said to be lost than was, never less
 */
export function createLedger(book?: Book): Ledger {
  const pages = new Map<string, Page>()
  const lost: LostRequest[] = []
  let refused = 0
  let numbered = 0
  const unwritten = new Set<Page>()
  let willSettle = false

  function pageOf(fleet: string): Page {
    const known = pages.get(fleet)
    if (known) return known
    const page = newPage(fleet, numbered++)
    makeRoom(pages)
    pages.set(fleet, page)
    return page
  }

  function write(page: Page): void {
    unwritten.delete(page)
    book?.write(page.number, page.fleet, page.own)
  }

  function settle(): void {
    willSettle = false
    for (const page of unwritten) write(page)
  }

  /** Counts one thing in this process's own account and in the whole. */
  function count(page: Page, figure: Exclude<keyof Account, Class>): void {
    page[figure]++
    page.own[figure]++
    if (!book) return
    if (figure === 'accepted') return void write(page)
    unwritten.add(page)
    if (!willSettle) setImmediate(settle)
    willSettle = true
  }

  function answered(page: Page, status: number, durationMs: number): void {
    const hundreds = String(Math.floor(status / 100)) as Class
    page.byClass[hundreds] = (page.byClass[hundreds] ?? 0) + 1
    page.own[hundreds] = (page.own[hundreds] ?? 0) + 1
    page.latency.record(durationMs)
    count(page, 'answered')
  }

  function keep(request: LostRequest): void {
    lost.push(request)
    if (lost.length > lostKept) lost.shift()
  }

  const counter: Counter = { count, answered, keep }
  return {
    settle,
    accept(fleet) {
      const page = pageOf(fleet)
      count(page, 'accepted')
      return new Open(counter, page)
    },
    failed(fleet, client, nowMs) {
      const page = pageOf(fleet)
      if (page.failing.first(client, nowMs)) count(page, 'failedClients')
    },
    refuse: () => void refused++,
    inherit(fleet, account) {
      const page = pageOf(fleet)
      for (const figure of ['accepted', 'answered', 'lost', 'abandoned', 'retried', 'failedClients'] as const)
        page[figure] += account[figure]
      for (const hundreds of ['1', '2', '3', '4', '5'] as const) page.byClass[hundreds] += account[hundreds]
    },
    adopt(fleet, account, cut) {
      const page = pageOf(fleet)
      for (const figure of figures) page.own[figure] += account[figure]
      page.own.lost += cut
      page.lost += cut
      write(page)
      const because = `one of ${cut} that were in flight when their gateway was killed`
      for (let i = 0; i < Math.min(cut, lostKept); i++)
        keep({ at: Date.now(), fleet, instance: '', method: '', path: '', because })
    },
    seen: () => ({
      counts: Object.fromEntries([...pages].map(([fleet, page]) => [fleet, countsOf(page)])),
      refused,
      lost: [...lost],
    }),
  }
}

const countsOf = ({ own: _, number: __, failing: ___, fleet: ____, ...page }: Page): Counts => ({
  ...page,
  byClass: { ...page.byClass },
  inFlight: page.accepted - page.answered - page.lost - page.abandoned,
  latency: page.latency.counts(),
})

function makeRoom(pages: Map<string, Page>): void {
  if (pages.size < fleetsKept) return
  const idle = [...pages].find(([, page]) => inFlightOf(page) === 0)
  if (idle) pages.delete(idle[0])
}
