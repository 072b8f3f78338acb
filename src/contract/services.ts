import { z } from 'zod'
import { action, changeName, instant, ledger, releaseName, schemaVersion, standing } from './common.ts'
import { inStepView } from './in-step.ts'
import { loadTestsView } from './load-tests.ts'
import { notifierView } from './notifiers.ts'
import { spikeSummary } from './spikes.ts'

export const lockView = z.object({
  owner: z.string(),
  reason: z.string(),
  since: instant,
  until: instant.optional(),
  /** Who waits for it, in order. */
  queue: z.array(z.object({ owner: z.string(), reason: z.string(), since: instant })),
})

/** A person's decision to let a gate's verdict through, until it expires by itself. */
export const waiverView = z.object({
  gate: z.string(),
  owner: z.string(),
  reason: z.string(),
  since: instant,
  until: instant,
  /** Ends it, while it lasts. */
  action: action.optional(),
})
export type WaiverView = z.infer<typeof waiverView>

export const instanceView = z.object({
  id: z.string(),
  phase: z.enum(['starting', 'ready', 'unhealthy', 'backingOff', 'stopping', 'stopped']),
  port: z.number().optional(),
  since: instant,
  crashes: z.number(),
  because: z.string().optional(),
})

/** One row of the services page. */
export const environmentRow = z.object({
  name: z.string(),
  after: z.string().optional(),
  /** Of an environment that follows another: whether it is in step with it. */
  inStep: inStepView.optional(),
  /** Of one that measures itself: what is known of its load line. */
  loadTests: loadTestsView.optional(),
  /** Public address of its gateway. */
  address: z.string().optional(),
  /** What runs there now; absent before the first deployment. */
  release: releaseName.optional(),
  since: instant.optional(),
  /** What really runs was compared with the release. */
  verified: z.boolean().optional(),
  instances: z.object({ ready: z.number(), wanted: z.number() }),
  /** Steady, or what goes on, in a few words: "rolling to 3f2a…: 2 of 3"; held when a person is to decide about it. */
  status: z.object({
    is: z.enum([
      'empty',
      'steady',
      'asleep',
      'measured',
      'deploying',
      'held',
      'degraded',
      'down',
      'rolledBack',
    ]),
    text: z.string(),
    /** Held where there is no way back: somebody has to look now. */
    urgent: z.boolean().optional(),
  }),
  deployment: z.string().optional(),
  /** Deployments that wait for their gates and hold nobody up, the oldest first. */
  waits: z.array(z.object({ deployment: z.string(), release: z.string(), text: z.string() })),
  lastDeployment: z.object({ id: z.string(), standing, text: z.string(), at: instant }).optional(),
  ledger: ledger.optional(),
  lock: lockView.optional(),
  /** Gates that do not hold anybody up for now. */
  waivers: z.array(waiverView),
  /** A newer release that could come here, and why it has not. */
  next: z
    .object({
      release: releaseName,
      because: z.string(),
      /** It was brought here already, and did not stay: why is in `because`. */
      tried: z.literal(true).optional(),
      promote: action.optional(),
    })
    .optional(),
  rollback: action.optional(),
})
export type EnvironmentRow = z.infer<typeof environmentRow>

export const runSummary = z.object({
  id: z.string(),
  change: changeName,
  standing,
  /** One sentence: "passed in 41 s", "test failed: 2 of 48 tests". */
  text: z.string(),
  startedAt: instant,
  endedAt: instant.optional(),
  release: z.string().optional(),
})
export type RunSummary = z.infer<typeof runSummary>

export const serviceRow = z.object({
  name: z.string(),
  repository: z.string(),
  /** Whose clocks its team reads. */
  timeZone: z.string(),
  environments: z.array(environmentRow),
  /** Those that are not over, newest first. */
  spikes: z.array(spikeSummary),
  notifiers: z.array(notifierView),
  lastRun: runSummary.optional(),
})
export type ServiceRow = z.infer<typeof serviceRow>

/** A sentence, and the page that says more. */
export const noteView = z.object({
  /** Absent: of Plimsoll itself. */
  service: z.string().optional(),
  text: z.string(),
  link: z.string(),
})
export type NoteView = z.infer<typeof noteView>

/** GET /api/services: the three questions in words, then one row per service and environment. */
export const servicesView = z.object({
  schemaVersion,
  at: instant,
  wrong: z.array(noteView),
  changed: z.array(noteView.extend({ at: instant })),
  waiting: z.array(noteView),
  services: z.array(serviceRow),
})
export type ServicesView = z.infer<typeof servicesView>

/** GET /api/services/:service/releases */
export const releasesView = z.object({
  schemaVersion,
  service: z.string(),
  releases: z.array(
    releaseName.extend({
      run: z.string(),
      sizeBytes: z.number(),
      runsIn: z.array(z.string()),
      tests: z.object({ passed: z.number(), failed: z.number(), skipped: z.number() }).optional(),
      rejected: z.string().optional(),
    }),
  ),
})
export type ReleasesView = z.infer<typeof releasesView>
