import type { Instant } from '../../kernel/index.ts'
import type { AlertBody } from './message.ts'
import type { NotifierState, Outgoing, PostTarget } from './state.ts'

/** An Alertmanager is told so often of what fires. */
const againMs = 60_000
/** What it is told no more is over for it after so long, as a Prometheus has it: four times the interval. */
export const forgottenAfterMs = 4 * againMs

const forgets = (target: PostTarget | undefined): boolean => target?.kind === 'alertmanager'

const isSame = (a: AlertBody, b: AlertBody): boolean =>
  a.environment === b.environment && a.slo === b.slo && a.window === b.window

/** What somebody who forgets is to be reminded of, after he was told of something. */
export function openAfter(
  { open = [] }: NotifierState,
  { body: { type, alerts = [] } }: Outgoing,
  target: PostTarget | undefined,
  now: Instant,
): Pick<NotifierState, 'open' | 'againAt'> {
  if (!forgets(target)) return { open }
  const others = open.filter((one) => !alerts.some((alert) => isSame(one, alert)))
  return { open: type === 'alert.resolved' ? others : [...others, ...alerts], againAt: now + againMs }
}

/** When that is; undefined: there is nothing that he could forget. */
export const sayAgainAt = (
  { open = [], againAt = 0 }: NotifierState,
  target: PostTarget | undefined,
): Instant | undefined => (forgets(target) && open.length > 0 ? againAt : undefined)

/** Says again what fires. */
export function sayAgain(state: NotifierState, now: Instant): NotifierState {
  const { service, name, posts, open = [] } = state
  const body = {
    schemaVersion: 1 as const,
    id: `${service}.${name}.again.${posts + 1}.${now}`,
    type: 'alert.page' as const,
    at: new Date(now).toISOString(),
    service,
    text: open.map(({ text }) => text).join('; '),
    page: '/alerts',
    alerts: [...open],
  }
  // Not again before long, when this is given up.
  return { ...state, againAt: now + againMs, queue: [{ body, cameAt: now, tries: 0, again: true }] }
}
