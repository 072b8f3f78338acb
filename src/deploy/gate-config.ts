import { z } from 'zod'
import { durationSchema as duration, nameSchema, nearest } from '../kernel/index.ts'
import { readWindow } from './plan/gates/windows.ts'
import { isZone } from './plan/gates/zone.ts'

const aWindow = "expected a window such as 'fri 16:00 – mon 08:00' or '2026-12-20 00:00 – 2027-01-03 08:00'"
const windowText = z
  .string({ error: aWindow })
  .refine((text) => readWindow(text) !== undefined, { error: aWindow })

const aZone = "expected a time zone of the IANA database, such as 'Europe/London'"
const zone = z.string({ error: aZone }).superRefine((text, context) => {
  if (isZone(text)) return
  const didYouMean = nearest(text, Intl.supportedValuesOf('timeZone'))
  context.addIssue({ code: 'custom', message: aZone, params: { didYouMean } })
})

const name = (usual: string) => nameSchema.default(usual)

/** A calendar: nothing new comes while one of its windows is open. */
export const freezeConfig = z
  .object({
    kind: z.literal('freeze'),
    name: name('freeze'),
    timeZone: zone,
    windows: z.array(
      z.union([windowText, z.object({ when: windowText, reason: z.string().min(1) }).strict()], {
        error: aWindow,
      }),
    ),
    /** What goes through all the same: what a person calls a fix, with a reason, or nothing. */
    exempt: z.enum(['fixes', 'nothing']).default('fixes'),
  })
  .strict()

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

const aGate = "expected the name of a gate, such as 'tests', or signOff({ … }), freeze({ … }) or soak('24h')"

/** One gate of an environment. */
export const gateConfig = z.union([z.string(), freezeConfig, signOffConfig, soakConfig], { error: aGate })
