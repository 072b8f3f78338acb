import { z } from 'zod'
import {
  durationSchema as duration,
  nameSchema,
  timeZoneSchema,
  variablesSchema as variables,
} from '../kernel/index.ts'
import { readWindow } from './plan/gates/windows.ts'

const aWindow = "expected a window such as 'fri 16:00 – mon 08:00' or '2026-12-20 00:00 – 2027-01-03 08:00'"
const windowText = z
  .string({ error: aWindow })
  .refine((text) => readWindow(text) !== undefined, { error: aWindow })

const name = (usual: string) => nameSchema.default(usual)

/** A calendar: nothing new comes while one of its windows is open. */
export const freezeConfig = z
  .object({
    kind: z.literal('freeze'),
    name: name('freeze'),
    timeZone: timeZoneSchema,
    windows: z
      .array(
        z.union([windowText, z.object({ when: windowText, reason: z.string().min(1) }).strict()], {
          error: aWindow,
        }),
      )
      .default([]),
    /** A file of the repository in iCalendar's format: each event is a window. */
    calendar: z.string().min(1).optional(),
    /** What goes through all the same: what a person calls a fix, with a reason, or nothing. */
    exempt: z.enum(['fixes', 'nothing']).default('fixes'),
  })
  .strict()
  .refine(({ windows, calendar }) => windows.length > 0 || calendar !== undefined, {
    path: ['windows'],
    error: 'expected at least one window, or a calendar',
  })

const weekMs = 7 * 86_400_000

/** People who say yes to a release. */
export const signOffConfig = z
  .object({
    kind: z.literal('signOff'),
    name: name('signOff'),
    /** Names of tokens; anybody who has one when not given. */
    by: z.array(z.string().min(1)).min(1).optional(),
    count: z.number().int().min(1).default(1),
    /** A sign-off counts for so long. */
    expires: duration.default(weekMs),
    /** So long it is waited for. */
    within: duration.default(weekMs),
    /** Whoever pushed the change, or wrote it, does not count. */
    notAuthor: z.boolean().default(true),
  })
  .strict()

/** Time in the environment before. */
export const soakConfig = z.object({ kind: z.literal('soak'), name: name('soak'), for: duration }).strict()

/** A command of the team's, run in the unpacked release: 0 is a yes, 1 a no, anything else says nothing. */
export const commandConfig = z
  .object({
    kind: z.literal('command'),
    name: nameSchema,
    /** Shell command, run by `sh -eu`. */
    run: z.string().min(1),
    env: variables.default({}),
    timeout: duration.default(300_000),
    /** Its answer counts for so long; a deployment that has its turn later asks again. */
    expires: duration.default(3_600_000),
  })
  .strict()
  .refine(({ timeout, expires }) => expires > timeout, {
    path: ['expires'],
    error: 'expected more than its timeout: an answer would be too old when it comes',
  })

const aShare = 'expected a share of the budget from 0 to 1, such as 0.1'

/** The team's policy for a budget that is nearly spent. */
export const errorBudgetConfig = z
  .object({
    kind: z.literal('errorBudget'),
    name: name('errorBudget'),
    /** With less than this share of any budget left, nothing new comes. */
    below: z.number({ error: aShare }).min(0, aShare).max(1, aShare).default(0.1),
    /** What comes all the same: what a person calls a fix, with a reason, or nothing. */
    allow: z.enum(['fixes', 'nothing']).default('fixes'),
    /** What is known of the budgets counts for so long. */
    expires: duration.default(900_000),
  })
  .strict()

const aLineShare = 'expected a share of the load line from 0 to 1, such as 0.2'
const aHistory = 'expected from 1d to 28d'
const aTimeAhead = "expected from '1d' to '90d', in whole days, such as '14d'"
const dayMs = 86_400_000

/** How much of the release's load line the busiest hour must leave. */
export const headroomConfig = z
  .object({
    kind: z.literal('headroom'),
    name: name('headroom'),
    /** With less than this share of the load line left, nothing new comes. */
    below: z.number({ error: aLineShare }).min(0, aLineShare).max(1, aLineShare).default(0.2),
    /** What comes all the same: what a person calls a fix, with a reason, or nothing. */
    allow: z.enum(['fixes', 'nothing']).default('fixes'),
    /** Of so much of the last 28 days something must be known; a week has each hour once. */
    history: duration
      .refine((value) => value >= dayMs && value <= 28 * dayMs, { error: aHistory })
      .default(7 * dayMs),
    /** So far ahead the load line must not be crossed, with 80 %; when not given, what is to come does not count. */
    ahead: duration
      .refine((value) => value >= dayMs && value <= 90 * dayMs && value % dayMs === 0, { error: aTimeAhead })
      .optional(),
    /** What is known of the load counts for so long. */
    expires: duration.default(3_600_000),
  })
  .strict()

const aGate =
  "expected the name of a gate, such as 'tests', or signOff({ … }), freeze({ … }), soak('24h'), errorBudget({ … }), headroom({ … }) or command('…', sh('…'))"

/** Gates whose settings all have defaults: their name alone will do. */
const byName = { errorBudget: errorBudgetConfig, headroom: headroomConfig } as const

/** `'headroom'` as `headroom()`. */
const withDefaults = (gate: string) =>
  Object.hasOwn(byName, gate) ? byName[gate as keyof typeof byName].parse({ kind: gate }) : gate

/** One gate of an environment. */
export const gateConfig = z.union(
  [
    z.string().transform(withDefaults),
    freezeConfig,
    signOffConfig,
    soakConfig,
    commandConfig,
    errorBudgetConfig,
    headroomConfig,
  ],
  { error: aGate },
)
