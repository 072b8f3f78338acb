import { type Instant, nearest } from '../../../kernel/index.ts'
import type { Matcher } from '../../../series/index.ts'
import { matches } from './muting.ts'
import { type AlertsState, isFiring, type Silence } from './state.ts'

/** What somebody asks for; what is not named is any. */
export type SilenceWish = {
  readonly environment?: string | undefined
  readonly slo?: string | undefined
  readonly severity?: string | undefined
  readonly owner?: string | undefined
  readonly reason?: string | undefined
  readonly forMs?: number | undefined
  readonly until?: Instant | undefined
  readonly untilResolved?: boolean | undefined
}

type Problem = { readonly at: string; readonly text: string; readonly didYouMean?: string }

/** What there is to be silent about. */
export type SilenceScope = { readonly environments: readonly string[]; readonly slos: readonly string[] }

const longestMs = 366 * 86_400_000
const longestText = 500

const isName = (at: string, found: string | undefined, known: readonly string[]): readonly Problem[] => {
  if (found === undefined || known.includes(found)) return []
  const meant = nearest(found, known)
  const text = `there is no ${at} ${found}; there is ${known.join(', ') || 'none'}`
  return [{ at, text, ...(meant ? { didYouMean: meant } : {}) }]
}

const isText = (at: string, found: string | undefined, missing: string): readonly Problem[] => {
  const length = found?.trim().length ?? 0
  if (length === 0) return [{ at, text: missing }]
  return length > longestText
    ? [{ at, text: `has ${length} characters, expected at most ${longestText}` }]
    : []
}

/** One end, in time; or what is wrong with what was given. */
function endOf(wish: SilenceWish, now: Instant): Silence['until'] | readonly Problem[] {
  const { forMs, until, untilResolved } = wish
  const given = [forMs, until, untilResolved || undefined].filter((one) => one !== undefined)
  if (given.length !== 1) {
    const found = given.length === 0 ? 'no silence lasts for ever' : `${given.length} ends are given`
    return [{ at: 'until', text: `${found}: expected one of forMs, until and untilResolved` }]
  }
  if (untilResolved) return 'resolved'
  const end = until ?? now + (forMs ?? 0)
  if (!(end > now)) return [{ at: 'until', text: 'lies in the past, expected a moment to come' }]
  if (end > now + longestMs)
    return [{ at: 'until', text: 'is more than a year ahead, expected at most 366 days' }]
  return Math.round(end)
}

const matchersOf = ({ environment, slo, severity }: SilenceWish): readonly Matcher[] =>
  Object.entries({ environment, slo, severity }).flatMap(([label, value]) =>
    value === undefined ? [] : [{ label, is: '=' as const, value }],
  )

/**
 * The silence that somebody asks for, or everything that is wrong with it.
 * @param of its name and who asks for it
 */
export function silenceFor(
  wish: SilenceWish,
  of: { readonly id: string; readonly by: string },
  { environments, slos }: SilenceScope,
  state: Pick<AlertsState, 'alerts'>,
  now: Instant,
): { readonly silence: Silence } | { readonly problems: readonly Problem[] } {
  const end = endOf(wish, now)
  const matchers = matchersOf(wish)
  const fires = state.alerts.some((alert) => isFiring(alert) && matches(matchers, alert))
  const problems = [
    ...isName('environment', wish.environment, environments),
    ...isName('slo', wish.slo, slos),
    ...isName('severity', wish.severity, ['page', 'ticket']),
    ...isText('owner', wish.owner ?? of.by, 'a silence needs an owner: somebody is asked about it'),
    ...isText('reason', wish.reason, 'a silence needs a reason: everybody will read it'),
    ...(Array.isArray(end) ? (end as readonly Problem[]) : []),
  ]
  if (problems.length === 0 && end === 'resolved' && !fires)
    return {
      problems: [{ at: 'until', text: 'nothing of it fires, so that it would end at once; expected a time' }],
    }
  if (problems.length > 0 || typeof end === 'object') return { problems }
  const { id, by } = of
  const owner = (wish.owner ?? by).trim()
  return { silence: { id, matchers, owner, reason: wish.reason?.trim() ?? '', by, since: now, until: end } }
}
