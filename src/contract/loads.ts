import { z } from 'zod'
import { instant, reasonView, releaseName, schemaVersion, standing } from './common.ts'

/** A share with its 95 % interval: −0.06 is 6 % less. */
const interval = z.object({ low: z.number(), high: z.number() })

/** How one figure of the release compares with that of the release that runs. */
export const effectView = z.object({
  metric: z.enum(['carries', 'p50', 'p99', 'cpu', 'memory']),
  /** What people call it: "load line", "p99". */
  title: z.string(),
  /** Medians over the rounds, with their unit; a dash when there are none. */
  baseText: z.string(),
  changeText: z.string(),
  estimate: z.number().nullable(),
  interval: interval.nullable(),
  p: z.number(),
  /** What it may be worse by, as a share; null when it is shown and not judged. */
  margin: z.number().nullable(),
  /** The direction that the margin guards against. */
  worse: z.enum(['lower', 'higher']),
  verdict: z.enum(['pass', 'fail', 'inconclusive']).nullable(),
})
export type EffectView = z.infer<typeof effectView>

/** One round: what both carried within the objective, in requests a second. */
export const roundView = z.object({
  order: z.enum(['base first', 'change first']),
  base: z.number(),
  change: z.number(),
  /** change / base − 1 */
  ratio: z.number(),
  /** Why it does not count. */
  void: z.string().optional(),
})
export type RoundView = z.infer<typeof roundView>

/** A comparison of two releases under load, in one line. */
export const comparisonSummary = z.object({
  id: z.string(),
  service: z.string(),
  /** Its gate asked for it. */
  environment: z.string(),
  standing,
  /** One sentence: "carries 6 % less than 3f2a… (95 %: 3–9 %, p = 0.01)". */
  text: z.string(),
  release: releaseName,
  /** What it was compared with: what ran in the environment. */
  against: releaseName,
  requestedAt: instant,
  startedAt: instant.optional(),
  endedAt: instant.optional(),
})
export type ComparisonSummary = z.infer<typeof comparisonSummary>

/** GET /api/comparisons/:id */
export const comparisonView = comparisonSummary.extend({
  schemaVersion,
  /** Who or what asked. */
  actor: z.string(),
  reasons: z.array(reasonView),
  /** What is sent: a path or a scenario; the objective: "p99<250ms". */
  sends: z.string(),
  objective: z.string(),
  budgetMs: z.number(),
  /** Since it began, in milliseconds; absent before. */
  elapsedMs: z.number().optional(),
  rounds: z.array(roundView),
  /** The load line first; empty while it goes on. */
  effects: z.array(effectView),
  /** The smallest difference of the load line that would have been told from none. */
  smallestEffect: z.number().nullable(),
  /** The machine: "2 cores, 24 GiB, linux x64, Node v24.21.0, beside production". */
  place: z.string().optional(),
  /** Named when it is kept as evidence. */
  evidence: z.string().optional(),
  /** Brought from elsewhere, by whom. */
  importedBy: z.string().optional(),
})
export type ComparisonView = z.infer<typeof comparisonView>

/** A release's load line relative to the first of the history, as the product of measured ratios. */
export const historyPoint = z.object({
  release: releaseName,
  /** The comparison that measured it; absent for the first. */
  comparison: z.string().optional(),
  at: instant,
  /** 1 for the first. */
  index: z.number(),
  /** 95 %, of the step from the release before, as a share. */
  interval: interval.nullable(),
})

/** GET /api/services/:service/load: every comparison, newest first, and how the load line went from release to release. */
export const loadHistoryView = z.object({
  schemaVersion,
  service: z.string(),
  /** The finding in a sentence: "carries 4 % more than 12 releases ago; no lasting change". */
  text: z.string(),
  comparisons: z.array(comparisonSummary),
  /** Oldest first. */
  line: z.array(historyPoint),
  /** Where the load line changed for good: the digest of the first release after it; ratio: after / before − 1. */
  shifts: z.array(z.object({ release: z.string(), ratio: z.number(), p: z.number() })),
  /** Little by little, over many releases: digests of the first and the last; ratio: after / before − 1. */
  drift: z.object({ first: z.string(), last: z.string(), ratio: z.number(), p: z.number() }).nullable(),
})
export type LoadHistoryView = z.infer<typeof loadHistoryView>

/** POST /api/services/:service/load/imports answers with what the evidence is about now. */
export const importAnswer = z.object({
  schemaVersion,
  evidence: z.string(),
  release: releaseName,
  against: releaseName,
  text: z.string(),
})
