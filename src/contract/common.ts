import { z } from 'zod'
import { oneLine } from '../kernel/index.ts'

/** Milliseconds since the epoch. */
export const instant = z.number()
export const digest = z.string().startsWith('sha256:')

/** Every document names the version of its shape, so that scripts can rely on it. */
export const schemaVersion = z.literal(1)

/** Why a person does something: one line for whoever reads it on a terminal; blanks are no reason. */
export const givenReason = z.string().overwrite(oneLine).trim().min(1).max(500)

export const reasonView = z.object({
  text: z.string(),
  numbers: z.record(z.string(), z.number()).optional(),
  next: z.string().optional(),
})

/** How something stands, in the only words that the page and the command line use for it. */
export const standing = z.enum([
  'waiting',
  'running',
  'passed',
  'failed',
  'inconclusive',
  'cancelled',
  'skipped',
])
export type Standing = z.infer<typeof standing>

export const releaseName = z.object({
  digest,
  /** First twelve digits. */
  short: z.string(),
  commit: z.string(),
  /** First line of the commit's message. */
  subject: z.string(),
  author: z.string(),
  builtAt: instant,
})
export type ReleaseName = z.infer<typeof releaseName>

export const changeName = z.object({
  service: z.string(),
  /** Commit, or the tree's digest for a working tree. */
  id: z.string(),
  short: z.string(),
  branch: z.string(),
  subject: z.string(),
  author: z.string(),
  at: instant,
})
export type ChangeName = z.infer<typeof changeName>

/** What an action in the page would do on the command line: always shown beside it. */
export const action = z.object({
  label: z.string(),
  effect: z.string(),
  command: z.string(),
  /** Why it cannot be done now. */
  refused: z.string().optional(),
})

/** The gateway's ledger: accepted = answered + lost + abandoned + inFlight. */
export const ledger = z.object({
  accepted: z.number(),
  answered: z.number(),
  lost: z.number(),
  abandoned: z.number(),
  inFlight: z.number(),
  errors: z.number(),
})
export type LedgerView = z.infer<typeof ledger>
