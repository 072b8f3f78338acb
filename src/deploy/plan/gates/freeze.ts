import {
  type Awaiting,
  type Gate,
  type Instant,
  inconclusive,
  pass,
  sayLocal,
  type Verdict,
} from '../../../kernel/index.ts'
import type { FreezeSettings, FrozenWindow } from './settings.ts'
import { endOf, readWindow } from './windows.ts'

export type Freeze = { readonly until: Instant; readonly reason?: string }

const textOf = (window: FrozenWindow): string => (typeof window === 'string' ? window : window.when)

const reasonOf = (window: FrozenWindow): string | undefined =>
  typeof window === 'string' ? undefined : window.reason

/** Windows that follow each other are one freeze; a calendar without a gap is looked at no further than this. */
const windowsAhead = 100

/** The freeze that holds at an instant, to the end of the last window without a gap; undefined when there is none. */
export function freezeAt(
  { windows, timeZone }: Pick<FreezeSettings, 'windows' | 'timeZone'>,
  now: Instant,
): Freeze | undefined {
  const endsAt = (at: Instant) =>
    windows.flatMap((window) => {
      const read = readWindow(textOf(window))
      const until = read && endOf(read, timeZone, at)
      return until === undefined ? [] : [{ until, reason: reasonOf(window) }]
    })
  const [first] = endsAt(now)
  if (!first) return undefined
  let until = now
  for (let i = 0; i < windowsAhead; i++) {
    const next = Math.max(until, ...endsAt(until).map((one) => one.until))
    if (next === until) break
    until = next
  }
  return { until, ...(first.reason === undefined ? {} : { reason: first.reason }) }
}

/** Kind of evidence: the calendar that a release met on its way into an environment. */
export const calendarKind = 'calendar'
/** Kind of evidence: a person said that this deployment mends something, and why. */
export const fixKind = 'fix'

/** Holds outside of the windows of a calendar; a fix goes through, when the calendar exempts fixes. */
export const freezeGate: Gate<FreezeSettings, Verdict | Awaiting> = {
  name: 'freeze',
  needs: [calendarKind, fixKind],
  judge(settings, { environment, fix }, evidence, now) {
    const here = evidence.filter(({ about }) => about.environment === environment)
    const newest = (kind: string) => here.filter((one) => one.kind === kind).sort((a, b) => b.at - a.at)[0]
    const freeze = freezeAt(settings, now)
    const seen = newest(freeze && fix !== undefined && settings.exempt === 'fixes' ? fixKind : calendarKind)
    if (freeze && (fix === undefined || settings.exempt === 'nothing')) {
      const why = freeze.reason === undefined ? '' : ` (${freeze.reason})`
      return { is: 'waits', because: `frozen${why} until ${sayLocal(settings.timeZone, freeze.until)}` }
    }
    return seen ? pass(seen.id) : inconclusive('nobody has looked at the calendar yet')
  },
}
