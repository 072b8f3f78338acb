import { quantileOf } from '../../../kernel/index.ts'
import { addTallies } from '../ledger.ts'
import type { SpikeNumbers, SpikeState } from './state.ts'

export const spikeKind = 'spike'

/** What became of all requests of its life, and how long answers took. */
export function spikeNumbers({ ledger, latency }: SpikeState): SpikeNumbers {
  const p50 = latency && quantileOf(latency, 0.5)
  const p99 = latency && quantileOf(latency, 0.99)
  return {
    ...addTallies(Object.values(ledger.total)),
    ...(p50 === undefined ? {} : { p50 }),
    ...(p99 === undefined ? {} : { p99 }),
  }
}

/** What a spike leaves for good. */
export function spikeRecord(state: SpikeState) {
  const { id, owner, question, answers, changes, requestedAt, openedAt, endedAt, closing, reasons } = state
  return {
    spike: id,
    owner,
    ...(question === undefined ? {} : { question }),
    answers,
    why: closing?.why ?? 'closed',
    by: closing?.by ?? owner,
    reasons,
    changes: changes.map(({ id: commit, branch, subject, release, checks, standing }) => ({
      ...{ commit, branch, subject, standing },
      ...(release ? { release } : {}),
      ...(checks === undefined ? {} : { checks }),
    })),
    requestedAt,
    ...(openedAt === undefined ? {} : { openedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    numbers: spikeNumbers(state),
  }
}
