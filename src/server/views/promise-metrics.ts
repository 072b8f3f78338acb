import type { EnvironmentHeadroom, EnvironmentSlos } from '../../contract/index.ts'
import { type Promises, promisesIn } from '../../flow/burn-watch.ts'
import type { ServiceState } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import type { Instant } from '../../kernel/index.ts'
import { durationText, type Family, type Labels } from '../../series/index.ts'
import { burnsOf, type SloConfig } from '../../watch/index.ts'
import { viewHeadroom } from './headroom.ts'
import { viewSlos } from './slos.ts'

type Samples = Family['samples'][number][]

const placeLabels = ({ service, environment }: { service: string; environment: string }): Labels => ({
  service_name: service,
  deployment_environment_name: environment,
})

/** How fast each budget burns over each window of its alerts; of what cannot be counted, nothing. */
async function burns(world: World, place: Promises, slo: SloConfig, at: Instant): Promise<Samples> {
  const { prometheus } = place
  const counts = await world.budgets.countsOf({ ...place, slo, prometheus }, at).catch(() => undefined)
  if (!counts) return []
  const labels = { ...placeLabels(place), slo: slo.name }
  return burnsOf(slo, counts).map(({ lengthMs, burn }) => ({
    labels: { ...labels, window: durationText(lengthMs) },
    value: burn,
  }))
}

function budgetFamilies(places: readonly EnvironmentSlos[]): Family[] {
  const of = (pick: (slo: EnvironmentSlos['slos'][number]) => number | undefined): Samples =>
    places.flatMap((place) =>
      place.slos.flatMap((slo) => {
        const value = pick(slo)
        return value === undefined ? [] : [{ labels: { ...placeLabels(place), slo: slo.name }, value }]
      }),
    )
  return [
    {
      name: 'plimsoll_slo_objective_ratio',
      help: 'Share of good events that is promised.',
      type: 'gauge',
      samples: of(({ objective }) => objective),
    },
    {
      name: 'plimsoll_slo_budget_left_ratio',
      help: 'Share of the error budget that is left; negative when overspent.',
      type: 'gauge',
      samples: of(({ left }) => left),
    },
    {
      name: 'plimsoll_slo_known_ratio',
      help: 'Share of the period of an objective of which anything is known.',
      type: 'gauge',
      samples: of(({ coverage }) => coverage),
    },
  ]
}

const alertsFamily = (places: readonly EnvironmentSlos[]): Family => ({
  name: 'plimsoll_alerts_firing',
  help: '1 for each alert that fires.',
  type: 'gauge',
  samples: places.flatMap((place) =>
    place.alerts.map(({ slo, window, severity }) => ({
      labels: { ...placeLabels(place), slo, window, severity },
      value: 1,
    })),
  ),
})

type Bounds = { readonly low: number; readonly at: number; readonly high: number | null }

const bounded = (labels: Labels, { low, at, high }: Bounds): Samples => [
  { labels: { ...labels, bound: 'low' }, value: low },
  { labels: { ...labels, bound: 'estimate' }, value: at },
  { labels: { ...labels, bound: 'high' }, value: high ?? Number.POSITIVE_INFINITY },
]

/** The most of the line that may be used leaves the least. */
const leftOf = ({ low, at, high }: Bounds): Bounds => ({
  low: 1 - (high ?? Number.POSITIVE_INFINITY),
  at: 1 - at,
  high: 1 - low,
})

type Seconds = NonNullable<NonNullable<EnvironmentHeadroom['ahead']>['crossing']>

/** When it is reached; what lies beyond the horizon has no sample. */
const dates = (labels: Labels, { early, date, late }: Seconds): Samples =>
  Object.entries({ early, estimate: date, late }).flatMap(([bound, at]) =>
    at === undefined ? [] : [{ labels: { ...labels, bound }, value: at / 1_000 }],
  )

const chances = (labels: Labels, { within }: Seconds): Samples =>
  ([7, 30, 90] as const).map((days) => ({ labels: { ...labels, within: `${days}d` }, value: within[days] }))

/** Of a line of which only a lower bound is known, nobody knows when it is crossed. */
function crossingFamilies(places: readonly EnvironmentHeadroom[]): Family[] {
  const of = (samples: (labels: Labels, crossing: Seconds) => Samples, isKept: boolean): Samples =>
    places.flatMap((place) => {
      const { limit, crossing, keeps } = place.ahead ?? {}
      const reached = isKept ? keeps : crossing
      return reached && limit !== 'atLeast' ? samples(placeLabels(place), reached) : []
    })
  return [
    {
      name: 'plimsoll_headroom_crossing_timestamp_seconds',
      help: 'When load is likely to cross the load line; 80 % lie between early and late.',
      type: 'gauge',
      samples: of(dates, false),
    },
    {
      name: 'plimsoll_headroom_kept_until_timestamp_seconds',
      help: 'When less of the load line is likely to be left than there is to be; 80 % lie between early and late.',
      type: 'gauge',
      samples: of(dates, true),
    },
    {
      name: 'plimsoll_headroom_crossing_probability_ratio',
      help: 'Probability that load crosses the load line within 7, 30 and 90 days.',
      type: 'gauge',
      samples: of(chances, false),
    },
  ]
}

function headroomFamilies(places: readonly EnvironmentHeadroom[]): Family[] {
  const of = (samples: (place: EnvironmentHeadroom, labels: Labels) => Samples): Samples =>
    places.flatMap((place) => samples(place, placeLabels(place)))
  return [
    {
      name: 'plimsoll_headroom_load_line_requests_per_second',
      help: 'What all instances of an environment carry together, by measurements that count for it.',
      type: 'gauge',
      samples: of(({ line }, labels) => (line ? bounded(labels, line) : [])),
    },
    {
      name: 'plimsoll_headroom_busiest_hour_requests_per_second',
      help: 'Rate of the busiest hour of the last 28 days.',
      type: 'gauge',
      samples: of(({ busiest }, labels) => (busiest ? [{ labels, value: busiest.ratePerSecond }] : [])),
    },
    {
      name: 'plimsoll_headroom_left_ratio',
      help: 'Share of the load line that the busiest hour has left.',
      type: 'gauge',
      samples: of(({ used }, labels) => (used ? bounded(labels, leftOf(used)) : [])),
    },
    {
      name: 'plimsoll_headroom_known_ratio',
      help: 'Share of the hours of the last 28 days of which anything is known.',
      type: 'gauge',
      samples: of(({ knownHours, soughtHours }, labels) => [{ labels, value: knownHours / soughtHours }]),
    },
  ]
}

/** What is promised, what burns, and how near load comes to the load line. */
export async function promiseMetrics(world: World, services: readonly ServiceState[]): Promise<Family[]> {
  const at = world.clock.now()
  const { environments } = await viewSlos(world)
  const headroom = (await viewHeadroom(world)).environments
  const burning = promisesIn(services).flatMap((place) =>
    place.slos.map((slo) => burns(world, place, slo, at)),
  )
  return [
    ...budgetFamilies(environments),
    {
      name: 'plimsoll_slo_burn_ratio',
      help: 'Times as fast as evenly that an error budget burns, by window.',
      type: 'gauge',
      samples: (await Promise.all(burning)).flat(),
    },
    alertsFamily(environments),
    ...headroomFamilies(headroom),
    ...crossingFamilies(headroom),
  ]
}
