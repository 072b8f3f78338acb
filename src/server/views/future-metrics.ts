import type { EnvironmentFutures, FuturesView, FutureView } from '../../contract/index.ts'
import type { Family, Labels } from '../../series/index.ts'

const labelsOf = (
  { service, environment }: EnvironmentFutures,
  { kind, name }: FutureView,
  more: Labels = {},
): Labels => ({
  service_name: service,
  deployment_environment_name: environment,
  ...{ plimsoll_future: kind, plimsoll_future_name: name, ...more },
})

/** What is seen coming, for whoever scrapes it. Of what nobody can say anything there is nothing. */
export function futureFamilies({ environments }: FuturesView): readonly Family[] {
  const all = environments.flatMap((place) => place.futures.map((future) => ({ place, future })))
  const foreseen = all.filter(({ future }) => future.is === 'foreseen')
  return [
    {
      name: 'plimsoll_future_timestamp_seconds',
      help: 'When it is seen to happen: before half of the simulated futures. Absent when by most not within the horizon.',
      type: 'gauge',
      samples: foreseen.flatMap(({ place, future }) =>
        future.date === undefined ? [] : [{ labels: labelsOf(place, future), value: future.date / 1_000 }],
      ),
    },
    {
      name: 'plimsoll_future_probability_ratio',
      help: 'How likely it happens within so many days.',
      type: 'gauge',
      samples: foreseen.flatMap(({ place, future }) =>
        Object.entries(future.within ?? {}).map(([days, value]) => ({
          labels: labelsOf(place, future, { within: `${days}d` }),
          value,
        })),
      ),
    },
    {
      name: 'plimsoll_future_ticket',
      help: '1 while a ticket is open of what is seen coming.',
      type: 'gauge',
      samples: all.map(({ place, future }) => ({
        labels: labelsOf(place, future),
        value: future.ticketSince === undefined ? 0 : 1,
      })),
    },
  ]
}
