import type { EnvironmentFutures, FuturesView, FutureView } from '../contract/index.ts'
import { type ExitCode, exit } from '../kernel/index.ts'
import type { Screen } from './command.ts'
import { paint } from './marks.ts'
import { ago } from './when.ts'

const signs = {
  ticket: { icon: '!', ascii: '!', colour: 33 },
  likely: { icon: '!', ascii: '!', colour: 33 },
  far: { icon: '✓', ascii: '+', colour: 32 },
  unknown: { icon: '?', ascii: '?', colour: 33 },
} as const

/** As likely as not in the time before which somebody wants to know: there is a ticket, or will be after a second look. */
export const isLikely = ({ withinLead = 0 }: FutureView): boolean => withinLead >= 0.5

function standingOf(future: FutureView): keyof typeof signs {
  if (future.ticketSince !== undefined) return 'ticket'
  if (future.is === 'unforeseen') return 'unknown'
  return isLikely(future) ? 'likely' : 'far'
}

function lines(
  future: FutureView,
  { service, environment, owner }: EnvironmentFutures,
  screen: Screen,
  now: number,
) {
  const standing = standingOf(future)
  const { icon, ascii, colour } = signs[standing]
  const { text, found, next, withinLead, leadDays, ticketSince } = future
  const asks = standing === 'ticket' || standing === 'likely' || standing === 'unknown'
  return [
    `${paint(screen.ascii ? ascii : icon, colour, screen)} ${service} ${environment} ${text}`,
    ...(withinLead !== undefined && leadDays !== undefined && withinLead > 0
      ? [`  ${Math.round(100 * withinLead)} % within ${Number(leadDays.toFixed(1))} days`]
      : []),
    ...(ticketSince === undefined
      ? []
      : [`  a ticket is open since ${ago(ticketSince, now)}${owner === undefined ? '' : `, of ${owner}`}`]),
    ...found.map((one) => `  ${one}`),
    ...(asks && next !== undefined ? [`    next: ${next}`] : []),
  ]
}

/** What is seen coming, by what it is known, and what to do first. */
export function renderFutures({ at, environments }: FuturesView, screen: Screen): string {
  const all = environments.flatMap((place) =>
    place.futures.flatMap((future) => lines(future, place, screen, at)),
  )
  if (all.length === 0) return 'Nothing has been looked ahead at yet.\n'
  return all.map((line) => `${screen.ascii ? line.replaceAll('–', '-') : line}\n`).join('')
}

/** Whether nothing is likely in the time before which somebody wants to know, something is, or nobody knows of anything. */
export function exitOfFutures({ environments }: FuturesView): ExitCode {
  const all = environments.flatMap(({ futures }) => futures)
  if (all.some((one) => one.ticketSince !== undefined || isLikely(one))) return exit.no
  return all.some(({ is }) => is === 'foreseen') ? exit.yes : exit.unknown
}
