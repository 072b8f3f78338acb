import type { SqueezePlan, SqueezeView } from '../contract/index.ts'
import { formatDuration } from '../kernel/index.ts'
import type { Screen } from './command.ts'
import { mark } from './marks.ts'
import { renderTable } from './table.ts'

export const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`
export const rate = (perSecond: number): string =>
  `${perSecond >= 100 ? Math.round(perSecond) : Number(perSecond.toPrecision(3))}/s`

const unknown = '–'
const rateOr = (perSecond: number | undefined): string =>
  perSecond === undefined ? unknown : rate(perSecond)

function stagesAhead({ stages }: SqueezePlan, screen: Screen): string {
  if (stages.length === 0) return ''
  const rows = stages.map((one) => [
    percent(one.share),
    rateOr(one.ratePerSecond),
    rateOr(one.othersPerSecond),
  ])
  return `\n${renderTable([['SHARE', 'INSTANCE', 'EACH OTHER'], ...rows], screen)}\n`
}

function lengthOf({ watchMs = 0, atMostMs = 0, promises }: SqueezePlan): string {
  const long = `${formatDuration(watchMs)} each, ${formatDuration(atMostMs)} at most`
  return `${long}; promised: ${promises.join(' and ')}\n`
}

/** What would be done, what would end it, and all that speaks against it now. */
export function renderPlan(plan: SqueezePlan, screen: Screen): string {
  const { environment, service, instances, instance, allowed, stops, notes, reasons } = plan
  const place = `${environment} of ${service}`
  const head = instance
    ? `Instance ${instance.index} of ${instances} (${instance.because}) in ${place} gets more of the requests, stage by stage:\n`
    : `Nothing in ${place} can be squeezed.\n`
  const end = 'It ends, and requests are split evenly again at once, as soon as\n'
  const against = reasons.map(
    ({ text: said, next }) => `${mark('failed', screen)}  ${said}${next ? `: ${next}` : ''}\n`,
  )
  return [
    allowed || instance === undefined ? head : `Nobody may squeeze ${place}.\n`,
    ...(allowed
      ? [stagesAhead(plan, screen), lengthOf(plan), end, ...stops.map((one) => `  - ${one}\n`)]
      : []),
    ...notes.map((one) => `${mark('inconclusive', screen)}  ${one}\n`),
    ...(reasons.length > 0 ? against : [`${mark('passed', screen)}  It would begin now.\n`]),
  ].join('')
}

/** Names the one that was squeezed. */
const instanceHead = ({ instance }: SqueezeView): string =>
  instance === undefined ? 'INSTANCE' : `INSTANCE ${instance}`

/** What is known, why it ended, and a row for each stage. */
export function renderSqueeze(view: SqueezeView, screen: Screen): string {
  const { standing, environment, service, text: said, stages } = view
  const head = `${mark(standing, screen)}  ${environment} of ${service}: ${said}\n`
  if (stages.length === 0) return head
  const rows = stages.map((one) => [
    percent(one.share),
    rate(one.ratePerSecond),
    rate(one.othersPerSecond),
    formatDuration(one.watchedMs),
    one.is,
    one.text,
  ])
  return `${head}\n${renderTable([['SHARE', instanceHead(view), 'EACH OTHER', 'FOR', 'STAGE', 'WHY'], ...rows], screen)}`
}
