import { type Instant, PlimsollError } from '../../kernel/index.ts'
import { type Matcher, nameLabel, type SeriesStore } from '../../series/index.ts'
import { type BroughtSeries, type History, originLabel, planHistory } from '../plan/history.ts'

type Scope = { readonly service: string; readonly environment: string }

/** What was collected here of the same name, in the same environment. */
const ownOf = (name: string, { service, environment }: Scope): readonly Matcher[] => [
  { label: nameLabel, is: '=', value: name },
  { label: 'service_name', is: '=', value: service },
  { label: 'deployment_environment_name', is: '=', value: environment },
  { label: originLabel, is: '=', value: '' },
]

/**
 * Puts what another tool knows of an environment before what is known here.
 * @throws PLM_USAGE when it is not sound, or tells of a time of which something is known here: nothing counts twice
 */
export async function bringHistory(
  store: SeriesStore,
  all: readonly BroughtSeries[],
  scope: Scope,
  now: Instant,
): Promise<Omit<History, 'readings'> & { readonly taken: number }> {
  const { readings, from, until } = planHistory(all, scope, now)
  for (const name of new Set(readings.map((reading) => reading.name))) {
    const [known] = await store.select(ownOf(name, scope), from - 1, until)
    if (known)
      throw new PlimsollError(
        'PLM_USAGE',
        `${name} was collected here from ${new Date(known.times[0] as number).toISOString()} on: history ends before that`,
      )
  }
  const { taken } = await store.append(readings)
  await store.flush()
  return { from, until, taken }
}
