import { createHistogram, type Histogram } from '../../kernel/histogram.ts'
import type { SideCounts, SqueezeSeen } from '../traffic.ts'
import type { GatewayTable } from './table.ts'

/** No table gives an instance another share for longer than this, whatever its clock says: nobody may be watching. */
export const longestLeaseMs = 30_000

/** One instance, and its share of its fleet's requests. */
export type Squeezed = { readonly instance: string; readonly share: number }

type Class = keyof SideCounts['byClass']
type Figure = 'accepted' | 'answered' | 'lost' | 'abandoned'

class Side {
  readonly figures: Record<Figure, number> = { accepted: 0, answered: 0, lost: 0, abandoned: 0 }
  readonly byClass: Record<Class, number> = { '1': 0, '2': 0, '3': 0, '4': 0, '5': 0 }
  readonly latency: Histogram = createHistogram()

  counts(): SideCounts {
    return { ...this.figures, byClass: { ...this.byClass }, latency: this.latency.counts() }
  }
}

/** One request of a side. Exactly one of its ends is told. */
export interface SideEntry {
  answered(status: number, durationMs: number): void
  ended(how: 'lost' | 'abandoned'): void
}

class Open implements SideEntry {
  readonly #side: Side

  constructor(side: Side) {
    this.#side = side
    side.figures.accepted++
  }

  answered(status: number, durationMs: number): void {
    const hundreds = String(Math.floor(status / 100)) as Class
    this.#side.figures.answered++
    this.#side.byClass[hundreds] = (this.#side.byClass[hundreds] ?? 0) + 1
    this.#side.latency.record(durationMs)
  }

  ended(how: 'lost' | 'abandoned'): void {
    this.#side.figures[how]++
  }
}

type Book = Squeezed & {
  readonly fleet: string
  readonly revision: number
  readonly squeezed: Side
  readonly others: Side
}

/**
 * More requests for one instance for as long as somebody says so again and again: a table says until when, and a gateway
 * that hears nothing more splits evenly by itself.
 */
export interface Squeeze {
  /** Takes what the newest table says of it. The same again only lasts longer. */
  serve(table: GatewayTable): void
  /** What holds at this moment. */
  inForce(): Squeezed | undefined
  /** Opens the account of a request, of the fleet whose instance is squeezed. */
  accept(upstream: { readonly fleet: string; readonly instance: string }): SideEntry | undefined
  seen(): { readonly squeeze?: SqueezeSeen }
}

const fleetOf = (instance: string): string => instance.slice(0, instance.lastIndexOf('/'))

/**
 * @param elapsedMs a clock that nobody can put back: one that was put back must not make it last longer
 * @param now of the same clock as that of whoever makes the tables
 */
export function createSqueeze(elapsedMs: () => number, now: () => number): Squeeze {
  let book: Book | undefined
  let endsMs = 0

  const isSame = ({ revision, squeeze }: GatewayTable): boolean =>
    book?.revision === revision && book.instance === squeeze?.instance && book.share === squeeze.share

  const isInForce = (): boolean => book !== undefined && elapsedMs() < endsMs

  return {
    serve(table) {
      const { squeeze, revision } = table
      if (!squeeze) {
        book = undefined
        return
      }
      const { instance, share, until } = squeeze
      endsMs = elapsedMs() + Math.min(until - now(), longestLeaseMs)
      if (isSame(table)) return
      const sides = { squeezed: new Side(), others: new Side() }
      book = { instance, share, revision, fleet: fleetOf(instance), ...sides }
    },
    inForce: () => (isInForce() ? book : undefined),
    accept({ fleet, instance }) {
      if (!book || book.fleet !== fleet || !isInForce()) return undefined
      return new Open(instance === book.instance ? book.squeezed : book.others)
    },
    seen() {
      if (!book) return {}
      const { instance, share, revision, squeezed, others } = book
      const sides = { squeezed: squeezed.counts(), others: others.counts() }
      return { squeeze: { instance, share, revision, inForce: isInForce(), ...sides } }
    },
  }
}
