import type { ReplayedAlert, ReplayedObjective, ReplayedSlo, ReplayView } from '../contract/index.ts'
import { formatDuration } from '../kernel/index.ts'
import type { Screen } from './command.ts'
import { renderTable } from './table.ts'

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`
const promised = ({ objective, days }: ReplayedObjective): string =>
  `${Number((objective * 100).toPrecision(12))} % over ${days} d`
const moment = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')
const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`

const of = (side: ReplayedObjective | undefined, severity: ReplayedAlert['severity']): number =>
  side?.alerts.filter((alert) => alert.severity === severity).length ?? 0

export const pagesOf = (side: ReplayedObjective | undefined): number => of(side, 'page')

function budgetText({ left, least }: ReplayedObjective): string {
  if (left === undefined) return 'nothing happened'
  const now = left > 0 ? `${percent(left)} of the budget is left` : `the budget is spent`
  return least && least.left < left - 0.001
    ? `${now} (least ${percent(least.left)} on ${moment(least.at)})`
    : now
}

function alertRow({ severity, window, from, until, worstBurn }: ReplayedAlert): readonly string[] {
  const lasted = until === undefined ? 'still fires' : formatDuration(until - from)
  return [`      ${severity}`, window, moment(from), lasted, `up to ${Number(worstBurn.toPrecision(3))}×`]
}

function renderSide(title: string, side: ReplayedObjective | undefined, screen: Screen): readonly string[] {
  if (!side) return []
  if (side.because !== undefined) return [`    ${title}: ${side.because}`]
  const counts = `${count(pagesOf(side), 'page')}, ${count(of(side, 'ticket'), 'ticket')}`
  const alerts = side.alerts.length === 0 ? [] : [renderTable(side.alerts.map(alertRow), screen).trimEnd()]
  return [`    ${title} (${promised(side)}): ${counts}; ${budgetText(side)}`, ...alerts]
}

/** As many as one reads. */
const gapsShown = 3

function renderSlo(slo: ReplayedSlo, screen: Screen): string {
  const { environment, name, is, proposed, inForce, known, gaps } = slo
  const more = gaps.length - gapsShown
  return [
    `${environment} ${name}: ${is}`,
    ...(is === 'same'
      ? renderSide('as it is', proposed, screen)
      : [...renderSide('would be', proposed, screen), ...renderSide('in force', inForce, screen)]),
    `    ${percent(known)} of the time is known`,
    ...gaps.slice(0, gapsShown).map(({ from, to }) => `      nothing from ${moment(from)} to ${moment(to)}`),
    ...(more > 0 ? [`      and ${count(more, 'gap')} more`] : []),
  ].join('\n')
}

/** What would have fired under each objective, beside what the one in force makes of the same history; times are UTC. */
export function renderReplay(view: ReplayView, screen: Screen): string {
  const { service, from, to, slos } = view
  if (slos.length === 0) return 'Nothing is promised, neither here nor in force.\n'
  const text = [
    `${service} from ${moment(from)} to ${moment(to)} (UTC)`,
    ...slos.map((one) => renderSlo(one, screen)),
  ].join('\n')
  return `${screen.ascii ? text.replaceAll('×', 'x') : text}\n`
}
