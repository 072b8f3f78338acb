import { z } from 'zod'
import { givenReason, instant, reasonView, releaseName, schemaVersion } from './common.ts'

const lifeMs = z.number().positive()
const question = z.string().trim().min(1).max(1_000)

/** POST /api/services/:service/tries: the commit is in the service's repository already. */
export const tryRequest = z.object({
  /** Chosen by whoever asks: the same twice is asked once. */
  name: z.string().regex(/^[a-z0-9-]{8,60}$/),
  commit: z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/),
  /** Where the repository keeps it. */
  ref: z.string().regex(/^refs\/tries\/[a-z0-9-]+$/),
  /** Branch that it comes from, for people. */
  branch: z.string().min(1).max(200),
  /** A newer change for one that is open. */
  number: z.number().int().positive().optional(),
  question: question.optional(),
  lifeMs: lifeMs.optional(),
  checks: z.enum(['run', 'skip']).default('run'),
})
export const tryAnswer = z.object({
  schemaVersion,
  spike: z.string(),
  number: z.number(),
  /** It builds the change. */
  run: z.string(),
})

/** POST /api/tries/:id/extend */
export const extendRequest = z.object({ lifeMs })

/** POST /api/tries/:id/close: also later, to answer what was left open. */
export const closeRequest = z.object({
  answer: z.string().trim().min(1).max(5_000).optional(),
  /** Reports of load tests, as `plimsoll load --json` prints them. */
  reports: z.array(z.record(z.string(), z.json())).max(20).default([]),
})

/** POST /api/tries/:id/leave */
export const leaveRequest = z.object({ reason: givenReason })

export const spikeChangeView = z.object({
  run: z.string(),
  commit: z.string(),
  subject: z.string(),
  branch: z.string(),
  standing: z.enum(['building', 'built', 'deploying', 'runs', 'replaced', 'failed']),
  release: releaseName.optional(),
  /** What its checks said, when not all passed. */
  checks: z.string().optional(),
  because: z.string().optional(),
})

const figures = z.object({
  requests: z.number(),
  errors: z.number(),
  lost: z.number(),
  abandoned: z.number(),
  p50: z.number().optional(),
  p99: z.number().optional(),
})
export type SpikeFigures = z.infer<typeof figures>

/** Of a report that came with an answer. */
const reportView = z.object({
  title: z.string(),
  rows: z.array(z.object({ name: z.string(), value: z.string() })),
})

/** One row of the spikes page. */
export const spikeSummary = z.object({
  id: z.string(),
  number: z.number(),
  service: z.string(),
  environment: z.string(),
  /** starting, open, closing or closed; `left`: closing, and what it depended on cannot be taken away. */
  is: z.enum(['starting', 'open', 'closing', 'left', 'closed']),
  /** What goes on, or how it ended, in a few words. */
  text: z.string(),
  owner: z.string(),
  question: z.string().optional(),
  /** The newest. */
  answer: z.object({ text: z.string().optional(), by: z.string(), at: instant }).optional(),
  address: z.string().optional(),
  requestedAt: instant,
  openedAt: instant.optional(),
  until: instant.optional(),
  /** Its end was warned of. */
  endsSoon: z.boolean(),
  endedAt: instant.optional(),
  /** What runs, or ran last. */
  change: spikeChangeView.optional(),
  figures,
  /** Those that came with answers. */
  reports: z.array(reportView),
})
export type SpikeSummary = z.infer<typeof spikeSummary>

/** GET /api/tries/:id */
export const spikeView = spikeSummary.extend({
  schemaVersion,
  changes: z.array(spikeChangeView),
  reasons: z.array(reasonView),
  dependencies: z
    .object({ up: z.enum(['none', 'running', 'up', 'failed', 'never']), down: z.string().optional() })
    .optional(),
  /** Named when it is kept as evidence. */
  evidence: z.string().optional(),
})
export type SpikeView = z.infer<typeof spikeView>

/** GET /api/services/:service/tries: newest first. */
export const spikesView = z.object({
  schemaVersion,
  service: z.string(),
  atMost: z.number(),
  spikes: z.array(spikeSummary),
})
export type SpikesView = z.infer<typeof spikesView>
