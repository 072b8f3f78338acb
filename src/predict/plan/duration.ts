import { evenly, runsOut } from '../../forecast/index.ts'
import { formatDuration, type Instant } from '../../kernel/index.ts'
import { type Around, aboutText, zoneFound } from './dates.ts'
import type { Finding } from './finding.ts'

/** Something that took its time, and when it ended. */
export type Took = { readonly at: Instant; readonly ms: number }

export type DurationSeen = {
  readonly name: string
  /** `its pipeline`, `job test of its pipeline` */
  readonly subject: string
  /** What it is not to take longer than, and where that is said. */
  readonly limitMs: number
  readonly limit: string
  readonly took: readonly Took[]
}

const dayMs = 86_400_000
/** So many of the newest say what it takes now. */
const newest = 5

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** The middle one of each day: one that waited for long says nothing of the others. */
const daily = (took: readonly Took[]) =>
  [...Map.groupBy(took, ({ at }) => Math.floor(at / dayMs))].map(([day, all]) => ({
    at: day * dayMs,
    value: middle(all.map(({ ms }) => ms)) / 60_000,
  }))

/** When something that takes ever longer takes longer than it may. */
export function foreseeDuration(
  { name, subject, limitMs, limit, took }: DurationSeen,
  around: Around,
): Finding {
  const common = { kind: 'pipeline', name } as const
  const seen = runsOut(evenly(daily(took), dayMs), limitMs / 60_000)
  if (seen.is === 'refused') return { is: 'unforeseen', ...common, text: `${subject}: ${seen.why}` }
  const { isCleanedUp: _, ...crossing } = seen
  const lately = middle(
    took
      .toSorted((a, b) => b.at - a.at)
      .slice(0, newest)
      .map(({ ms }) => ms),
  )
  const takes = `${subject} takes ${formatDuration(lately)}`
  const about = aboutText(crossing, around)
  return {
    ...{ is: 'foreseen', ...common, crossing },
    text:
      about === undefined
        ? `${takes} and is not seen to pass ${limit}, within ${crossing.horizonDays} days`
        : `${takes} and will pass ${limit}, ${about}`,
    found: [`in minutes, the middle run of a day ${crossing.why}`, ...zoneFound(around)],
    next: 'look at which step has become slower (plimsoll runs), keep what it makes (cache), or split it',
  }
}
