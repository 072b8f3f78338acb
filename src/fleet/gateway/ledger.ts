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

const newPage = (number: number): Page => ({
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
}

/** @param book where each change is written at once, so that the account outlives this process */
export function createLedger(book?: Book): Ledger {
  const pages = new Map<string, Page>()
  const lost: LostRequest[] = []
  let refused = 0
  let numbered = 0

  function pageOf(fleet: string): Page {
    const page = pages.get(fleet) ?? newPage(numbered)
    if (page.number === numbered) numbered++
    if (!pages.has(fleet)) makeRoom(pages)
    pages.set(fleet, page)
    return page
  }

  /** Counts one thing in this process's own account and in the whole, and writes it down. */
  function count(fleet: string, page: Page, figure: Exclude<keyof Account, Class>): void {
    page[figure]++
    page.own[figure]++
    book?.write(page.number, fleet, page.own)
  }

  function countAnswer(fleet: string, page: Page, status: number, durationMs: number): void {
    const hundreds = String(Math.floor(status / 100)) as Class
    page.byClass[hundreds] = (page.byClass[hundreds] ?? 0) + 1
    page.own[hundreds] = (page.own[hundreds] ?? 0) + 1
    page.latency.record(durationMs)
    count(fleet, page, 'answered')
  }

  function keep(request: LostRequest): void {
    lost.push(request)
    if (lost.length > lostKept) lost.shift()
  }

  return {
    accept(fleet) {
      const page = pageOf(fleet)
      count(fleet, page, 'accepted')
      let ended = false
      const end = (close: () => void) => () => {
        if (!ended) close()
        ended = true
      }
      return {
        retried: () => count(fleet, page, 'retried'),
        answered: (status, durationMs) => end(() => countAnswer(fleet, page, status, durationMs))(),
        abandoned: end(() => count(fleet, page, 'abandoned')),
        lost: (what) =>
          end(() => {
            count(fleet, page, 'lost')
            keep({ ...what, fleet })
          })(),
      }
    },
    failed(fleet, client, nowMs) {
      const page = pageOf(fleet)
      if (page.failing.first(client, nowMs)) count(fleet, page, 'failedClients')
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
      book?.write(page.number, fleet, page.own)
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

const countsOf = ({ own: _, number: __, failing: ___, ...page }: Page): Counts => ({
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
