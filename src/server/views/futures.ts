import type { EnvironmentFutures, FuturesView, FutureView } from '../../contract/index.ts'
import { futurePlacesIn } from '../../flow/futures.ts'
import { readFutures } from '../../flow/records.ts'
import type { World } from '../../flow/world.ts'
import { type FutureState, futureLabel } from '../../predict/index.ts'
import { servicesIn } from './alerts.ts'

/** Figures of what is likely; of what nobody can say anything there are none. */
function figuresOf(finding: NonNullable<FutureState['finding']>): Partial<FutureView> {
  if (finding.is === 'unforeseen') return {}
  const { crossing, leadDays, withinLead } = finding
  const { date, early, late, within } = crossing
  return {
    ...(date === undefined ? {} : { date: Math.round(date) }),
    ...(early === undefined ? {} : { early: Math.round(early) }),
    ...(late === undefined ? {} : { late: Math.round(late) }),
    within: { ...within },
    leadDays,
    withinLead,
  }
}

function viewOf({ kind, name, finding, foundAt, ticket }: FutureState): readonly FutureView[] {
  if (finding === undefined || foundAt === undefined) return []
  const { is, text, next } = finding
  return [
    {
      ...{ is, kind, name, label: futureLabel({ kind, name }), text, foundAt },
      found: finding.is === 'foreseen' ? [...finding.found] : [],
      ...(next === undefined ? {} : { next }),
      ...figuresOf(finding),
      ...(ticket.isOpen ? { ticketSince: ticket.since } : {}),
    },
  ]
}

/** Tickets first, then what is likely soonest, then what nobody can say. */
const inOrder = (a: FutureView, b: FutureView): number =>
  Number(b.ticketSince !== undefined) - Number(a.ticketSince !== undefined) ||
  (a.date ?? Number.MAX_VALUE) - (b.date ?? Number.MAX_VALUE) ||
  a.is.localeCompare(b.is) ||
  a.label.localeCompare(b.label)

/** What is seen coming wherever somebody looks ahead. @param only the name of one service; all of them otherwise */
export async function viewFutures(world: World, only?: string): Promise<FuturesView> {
  const [services, states] = await Promise.all([servicesIn(world, only), readFutures(world.journal)])
  const environments = services.flatMap(({ name, guard }): EnvironmentFutures[] =>
    guard
      ? futurePlacesIn(guard.config).map((environment) => ({
          ...{ service: name, environment },
          ...(guard.config.predict?.owner === undefined ? {} : { owner: guard.config.predict.owner }),
          futures: states
            .filter((one) => one.service === name && one.environment === environment)
            .flatMap(viewOf)
            .sort(inOrder),
        }))
      : [],
  )
  return { schemaVersion: 1, at: world.clock.now(), environments }
}
