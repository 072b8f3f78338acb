import { createHistogram, type Histogram } from '../../kernel/histogram.ts'
import type { Counts, LostRequest } from '../traffic.ts'

type Class = keyof Counts['byClass']
type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Page = Mutable<Omit<Counts, 'latency' | 'byClass' | 'inFlight'>> & {
  readonly byClass: Record<Class, number>
  readonly latency: Histogram
}

const lostKept = 100
/** Fleets that are remembered; beyond them, the oldest one with nothing in flight is forgotten. */
const fleetsKept = 64

const newPage = (): Page => ({
  accepted: 0,
  answered: 0,
  byClass: { '1': 0, '2': 0, '3': 0, '4': 0, '5': 0 },
  lost: 0,
  abandoned: 0,
  retried: 0,
  latency: createHistogram(),
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
  /** Nobody could take it. */
  refuse(): void
  seen(): { counts: Record<string, Counts>; refused: number; lost: readonly LostRequest[] }
}

export function createLedger(): Ledger {
  const pages = new Map<string, Page>()
  const lost: LostRequest[] = []
  let refused = 0

  function pageOf(fleet: string): Page {
    const page = pages.get(fleet) ?? newPage()
    if (!pages.has(fleet)) makeRoom(pages)
    pages.set(fleet, page)
    return page
  }

  return {
    accept(fleet) {
      const page = pageOf(fleet)
      page.accepted++
      let ended = false
      const end = (count: () => void) => () => {
        if (!ended) count()
        ended = true
      }
      return {
        retried: () => void page.retried++,
        answered: (status, durationMs) => end(() => countAnswer(page, status, durationMs))(),
        abandoned: end(() => page.abandoned++),
        lost: (what) =>
          end(() => {
            page.lost++
            lost.push({ ...what, fleet })
            if (lost.length > lostKept) lost.shift()
          })(),
      }
    },
    refuse: () => void refused++,
    seen: () => ({
      counts: Object.fromEntries([...pages].map(([fleet, page]) => [fleet, countsOf(page)])),
      refused,
      lost: [...lost],
    }),
  }
}

function countAnswer(page: Page, status: number, durationMs: number): void {
  const hundreds = String(Math.floor(status / 100)) as Class
  page.answered++
  page.byClass[hundreds] = (page.byClass[hundreds] ?? 0) + 1
  page.latency.record(durationMs)
}

const countsOf = (page: Page): Counts => ({
  ...page,
  byClass: { ...page.byClass },
  inFlight: inFlightOf(page),
  latency: page.latency.counts(),
})

function makeRoom(pages: Map<string, Page>): void {
  if (pages.size < fleetsKept) return
  const idle = [...pages].find(([, page]) => inFlightOf(page) === 0)
  if (idle) pages.delete(idle[0])
}
