import { dateText } from '../../kernel/zone-text.ts'
import type { FutureView } from '../futures.ts'
import type { EnvironmentHeadroom, HeadroomAhead } from '../headroom.ts'

export const isTicket = ({ ticketSince }: FutureView): boolean => ticketSince !== undefined

/** A ticket, or likely within 90 days. */
export const isSoon = (one: FutureView): boolean => isTicket(one) || (one.within?.[90] ?? 0) >= 0.5

/** The load line is crossed, or soon, or less is left of it than somebody wants. */
export const isTight = ({ is, ahead }: EnvironmentHeadroom): boolean =>
  is === 'short' || ahead?.is === 'over' || ahead?.isSoon === true

/** The soonest first; what has no date after all that have. */
export const byDate = (a: Pick<FutureView, 'date'>, b: Pick<FutureView, 'date'>): number =>
  (a.date ?? Number.MAX_VALUE) - (b.date ?? Number.MAX_VALUE)

/** Likely within 90 days, or before somebody can see to it less is left than is wanted. */
export const isNear = ({ is, crossing, keeps }: HeadroomAhead): boolean =>
  is === 'over' || (crossing?.within[90] ?? 0) >= 0.5 || (keeps?.within[30] ?? 0) >= 0.5

/** Whether anything of an environment is to be seen to before it is wrong. */
export const hasComing = (
  headroom: EnvironmentHeadroom | undefined,
  futures: readonly FutureView[],
): boolean =>
  futures.some(isSoon) ||
  (headroom !== undefined && (isTight(headroom) || (headroom.ahead !== undefined && isNear(headroom.ahead))))

/** When the load line is crossed, in a few words; the whole sentence is that of the forecast. */
export function whenText({ line, ahead }: Pick<EnvironmentHeadroom, 'line' | 'ahead'>): string {
  if (!line) return 'not measured'
  const { is = 'unknown', crossing, limit, timeZone = 'Etc/UTC' } = ahead ?? {}
  if (is === 'over') return 'crossed already'
  if (crossing?.date !== undefined) {
    const date = dateText(crossing.date, timeZone)
    return limit === 'atLeast' ? `not crossed before ${date}` : `crossed about ${date}`
  }
  return is === 'stays' && crossing
    ? `not crossed within ${crossing.horizonDays} days`
    : 'nobody can say when'
}
