import { z } from 'zod'

const count = z.number().int().min(0)

/** Body of evidence of the kind `tests`: what the tests of one run said of a release. */
export const testsBody = z.object({
  run: z.string(),
  passed: count,
  failed: count,
  skipped: count,
  suites: count,
  /** Tries of steps beyond the first, in the jobs that ran tests: a retry is never hidden. */
  retries: count,
})

/** The same of a trial: the same bytes may come through the pipeline later, and are then judged by that run alone. */
export const trialKinds = { tests: 'trialTests', provenance: 'trialProvenance' } as const

const digest = z.templateLiteral(['sha256:', z.string()])

/** Body of evidence of the kind `provenance`: what a release was made from, by whom and how. */
export const provenanceBody = z.object({
  service: z.string(),
  run: z.string(),
  actor: z.string(),
  change: z.string(),
  commit: z.string().nullable(),
  tree: z.string(),
  branch: z.string(),
  subject: z.string(),
  author: z.string(),
  jobs: z.array(z.object({ name: z.string(), fromCache: z.boolean(), outputs: digest.optional() })),
  /** Of the evaluated configuration. */
  config: digest,
  builtAt: z.number(),
})

export type TestsBody = z.output<typeof testsBody>
export type ProvenanceBody = z.output<typeof provenanceBody>
