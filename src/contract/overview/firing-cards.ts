import type { AlertRow } from '../alerts.ts'

/** All that fires of one SLO, or job, in one place. */
export type FiringCard = {
  readonly key: string
  /** The most urgent of them. */
  readonly first: AlertRow
  readonly all: readonly AlertRow[]
}

const keyOf = ({ service, environment, slo }: AlertRow): string => `${service} ${environment} ${slo}`
const urgency = { page: 0, ticket: 1 } as const

/** One card for each SLO and place, with its windows in it; cards and windows in the order given, pages first. */
export function firingCards(alerts: readonly AlertRow[]): readonly FiringCard[] {
  const sorted = alerts.toSorted((a, b) => urgency[a.severity] - urgency[b.severity])
  return [...Map.groupBy(sorted, keyOf)].flatMap(([key, all]) => {
    const [first] = all
    return first ? [{ key, first, all }] : []
  })
}
