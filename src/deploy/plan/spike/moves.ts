import {
  type Decision,
  type Effect,
  type Happening,
  type Instant,
  type Json,
  move,
  type Reason,
} from '../../../kernel/index.ts'
import { extendLedger } from '../ledger.ts'
import { cancelUp } from './commands.ts'
import type { Closing, SpikeChange, SpikeSight, SpikeState } from './state.ts'

export type SpikeDecision = Decision<SpikeState>

export const tellSpike = (
  { id, service, environment }: SpikeState,
  type: string,
  more: { readonly [key: string]: Json } = {},
): Happening => ({ type, body: { service, environment, spike: id, ...more } })

export const effectOf = ({ id }: SpikeState, what: string, spec: Json = {}, nth?: string): Effect => ({
  kind: `spike.${what}`,
  key: `spike/${id}/${what}${nth === undefined ? '' : `/${nth}`}`,
  spec,
})

export const newestOf = ({ changes }: SpikeState): SpikeChange | undefined => changes.at(-1)

/** The newest change as it stands now. */
export const withNewest = (state: SpikeState, news: Partial<SpikeChange>): SpikeState => ({
  ...state,
  changes: state.changes.map((change, i) =>
    i === state.changes.length - 1 ? { ...change, ...news } : change,
  ),
})

/** Reads on in the gateway's ledger. */
export function counted(state: SpikeState, { traffic }: SpikeSight, now: Instant): SpikeState {
  if (!traffic.reachable) return state
  return {
    ...state,
    ledger: extendLedger(state.ledger, traffic),
    latency: mergeLatency(Object.values(traffic.counts).map(({ latency }) => latency)),
    countedAt: now,
  }
}

type Latency = NonNullable<SpikeState['latency']>

/** Of several fleets together: the ends of their buckets are the same. */
function mergeLatency(all: readonly Latency[]): Latency {
  const sums = new Map<number, number>()
  for (const { upperMs, counts } of all)
    for (const [i, upper] of upperMs.entries()) sums.set(upper, (sums.get(upper) ?? 0) + (counts[i] ?? 0))
  const ends = [...sums.keys()].sort((a, b) => a - b)
  return { upperMs: ends, counts: ends.map((end) => sums.get(end) ?? 0) }
}

/** From here on everything of it is taken away, whatever happens. */
export function beginClosing(
  state: SpikeState,
  { why, by }: Pick<Closing, 'why' | 'by'>,
  now: Instant,
  reasons: readonly Reason[] = [],
): SpikeDecision {
  const next: SpikeState = {
    ...state,
    phase: 'closing',
    closing: { why, by, at: now, step: 'work', since: now },
    reasons: [...state.reasons, ...reasons],
  }
  const because = next.reasons.map(({ text }) => text).join('; ')
  return move(next, {
    events: [tellSpike(next, 'spike.closing', { why, by, ...(because ? { because } : {}) })],
    effects: [...cancelUp(next), effectOf(next, 'stop', {}, String(now))],
  })
}
