import { z } from 'zod'
import { parseDuration } from './duration.ts'
import { nearest } from './similar.ts'
import { isZone } from './zone.ts'

const aDuration = 'expected a duration such as 30s, 5m or 1m30s'

/** `30 seconds` → `30s`, `5 min` → `5m`: what was probably meant by a text that is no duration. */
function nearestDuration(text: string): string | undefined {
  const part = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|)[a-z]*\s*$/i.exec(text)
  return part ? `${part[1]}${part[2]?.toLowerCase() || 's'}` : undefined
}

/** A duration as people write it (`30s`, `1m30s`), or a number of milliseconds; in milliseconds afterwards. */
export const durationSchema = z
  .union([z.number().nonnegative(aDuration), z.string()], { error: aDuration })
  .transform((value, context) => {
    const durationMs = typeof value === 'number' ? value : parseDuration(value)
    if (durationMs !== undefined) return durationMs
    const didYouMean = nearestDuration(String(value))
    context.addIssue({ code: 'custom', message: aDuration, params: { didYouMean } })
    return z.NEVER
  })

const aName = 'expected a name of letters, digits and -, a letter first, at most 40'

/** A name of a service, a job or an environment; it becomes part of addresses, folders and keys. */
export const nameSchema = z.string({ error: aName }).regex(/^[a-z][a-z0-9-]{0,39}$/i, aName)

/** A time zone of the IANA database. */
const aZone = "expected a time zone of the IANA database, such as 'Europe/London'"
export const timeZoneSchema = z.string({ error: aZone }).superRefine((text, context) => {
  if (isZone(text)) return
  const didYouMean = nearest(text, Intl.supportedValuesOf('timeZone'))
  context.addIssue({ code: 'custom', message: aZone, params: { didYouMean } })
})

/** A name of the configuration's `secret('NAME')`; the value is looked up when it is used, never stored. */
export const secretNameSchema = z
  .object(
    {
      secret: z
        .string()
        .regex(/^[A-Z][A-Z0-9_]*$/, "expected the name of a secret in capitals, such as secret('API_KEY')"),
    },
    { error: "expected secret('NAME')" },
  )
  .strict()

/** Environment variables of a step or an instance: texts, and secrets by name. */
export const variablesSchema = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected letters, digits and _, no digit first'),
  // Nothing can be started with a zero byte in its environment.
  z
    .union([z.string(), secretNameSchema], { error: "expected text or secret('NAME')" })
    .refine(
      (value) => typeof value !== 'string' || !value.includes('\0'),
      'expected text without a zero byte',
    ),
)

export type Variables = z.output<typeof variablesSchema>
