import type { History, Paths } from '../../../forecast/index.ts'
import type { AheadQuestion, LoadAhead } from './ahead.ts'
import { type LineGiven, lineEvidence } from './lines.fixture.ts'
import { type MeasuredLine, measuredFor } from './lines.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A Monday. */
export const now = Date.UTC(2026, 1, 2)

/** Four weeks in which the busiest hour of each day, at noon, has `peak` requests a second, and the others half of that. */
const hoursOf = (peak: number): History => ({
  from: now - 28 * dayMs,
  stepMs: hourMs,
  values: Array.from({ length: 28 * 24 }, (_, hour) => (hour % 24 === 12 ? peak : peak / 2)),
})

/** A hundred futures that begin at `peak` and grow by 0.2 to 0.4 a day. */
const pathsOf = (peak: number): Paths => ({
  is: 'paths',
  from: now,
  horizonDays: 180,
  peaks: Array.from({ length: 100 }, (_, i) =>
    Float64Array.from({ length: 180 }, (_, day) => peak + day * (0.2 + 0.002 * i)),
  ),
  past: { from: now - 28 * dayMs, values: new Float64Array(28).fill(peak) },
  seed: 1,
  why: 'daily peaks of 28 days grow',
})

export const loadAhead = (peak: number, factor?: number): LoadAhead => ({
  history: hoursOf(peak),
  paths: pathsOf(peak),
  within: factor === undefined ? undefined : { factor, hours: 168 },
})

export const measuredLines = (...given: readonly LineGiven[]): readonly MeasuredLine[] =>
  measuredFor(
    'production',
    given.map((one) => lineEvidence(one)),
    now,
  ).lines

/** Two instances that carry 100/s, with a fifth to be left and a lead of 30 days. */
export const asked = (more: Partial<AheadQuestion> = {}): AheadQuestion => ({
  lines: measuredLines({ instances: 2, rate: 100 }),
  instances: 2,
  scales: { perf: 'they share nothing' },
  below: 0.2,
  leadMs: 30 * dayMs,
  ...more,
})
