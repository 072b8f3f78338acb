import type { Instant } from '../../../kernel/index.ts'

export type OwnCounter = { readonly bad: number; readonly of: number }

/** Why a counter cannot be read now; `forGood`: nothing that comes can mend it. */
export type Blind = { readonly because: string; readonly forGood: boolean }

/** What one side answered in a span: increments, never totals. */
export type Side = {
  /** That ended in the span: answered or lost. */
  readonly requests: number
  /** That were sent to it in the span, whenever they end; those that ended, when not given. The split is one of these. */
  readonly sent?: number
  /** Of them: answered 5xx, or lost. */
  readonly failures: number
  /** Of them: slower than each of the settings' latency edges, in their order. */
  readonly slower: readonly number[]
  /** The team's own counters, by name: so many of so many were bad. */
  readonly own: Readonly<Record<string, OwnCounter>>
}

/** What the gateway's ledger says of both sides since the span before. */
export type Span = {
  /** Its end. */
  readonly at: Instant
  /** Of the requests, asked for the canary: 0 … 1. */
  readonly share: number
  readonly canary: Side
  readonly live: Side
  /** Own counters that cannot be read, by name: nothing passes meanwhile. */
  readonly blind?: Readonly<Record<string, Blind>>
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

function countProblem(name: string, bad: number, of: number): string | undefined {
  if (isCount(bad)) return bad <= of ? undefined : `${name} is ${bad}, more than the ${of} that it is part of`
  return `${name} is ${bad}, expected a count: give increments, and begin at zero when a counter was reset`
}

function sideProblem(name: string, side: Side, edges: number, own: ReadonlySet<string>): string | undefined {
  if (side.slower.length !== edges)
    return `${name}.slower has ${side.slower.length} counts, expected one for each of ${edges} edges`
  const stranger = Object.keys(side.own).find((counter) => !own.has(counter))
  if (stranger) return `${name}.own.${stranger} is not among the judge's metrics`
  const counts: readonly (readonly [string, number, number])[] = [
    ['requests', side.requests, Number.MAX_SAFE_INTEGER],
    ['sent', side.sent ?? 0, Number.MAX_SAFE_INTEGER],
    ['failures', side.failures, side.requests],
    ...side.slower.map((slower, j) => [`slower[${j}]`, slower, side.requests] as const),
    ...Object.entries(side.own).map(([counter, { of }]) => [`own.${counter}.of`, of, Infinity] as const),
    ...Object.entries(side.own).map(([counter, { bad, of }]) => [`own.${counter}.bad`, bad, of] as const),
  ]
  for (const [what, bad, of] of counts) {
    const problem = countProblem(`${name}.${what}`, bad, of)
    if (problem) return problem
  }
  return undefined
}

/** Why a span cannot be evidence; undefined when it can. */
export function spanProblem(span: Span, edges: number, own: ReadonlySet<string>): string | undefined {
  if (!Number.isFinite(span.at)) return `at is ${span.at}, expected milliseconds since 1970`
  if (!(span.share >= 0 && span.share <= 1)) return `share is ${span.share}, expected 0 to 1`
  const blind = Object.keys(span.blind ?? {}).find((counter) => !own.has(counter))
  if (blind) return `blind.${blind} is not among the judge's metrics`
  return sideProblem('canary', span.canary, edges, own) ?? sideProblem('live', span.live, edges, own)
}
