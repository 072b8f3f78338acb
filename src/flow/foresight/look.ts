import { setImmediate } from 'node:timers/promises'
import type { Instant, Json } from '../../kernel/index.ts'
import { type Finding, type FutureCommand, type FuturePlace, newFuture } from '../../predict/index.ts'
import { futureRef, readFutures } from '../records.ts'
import type { Runner } from '../runner.ts'
import type { World } from '../world.ts'
import { type ForeseenPlace, foretellers } from './index.ts'

/** More things than these of one place nobody reads. */
const mostFindings = 100

async function tellFound(
  { runner }: Deps,
  { service, environment, config }: ForeseenPlace,
  finding: Finding,
  at: Instant,
): Promise<void> {
  const place: FuturePlace = { service, environment, kind: finding.kind, name: finding.name }
  const of = futureRef(place)
  await runner.create(of, newFuture(place) as unknown as Json)
  const command: FutureCommand = { is: 'found', at, finding, leadMs: config.predict.lead }
  await runner.tell(of, command)
}

/** Tells those of which nothing was found that there is nothing any more. */
async function tellGone(
  { world, runner }: Deps,
  place: ForeseenPlace,
  kinds: readonly string[],
  found: readonly Finding[],
  at: Instant,
): Promise<void> {
  const isFound = ({ kind, name }: FuturePlace) => found.some((one) => one.kind === kind && one.name === name)
  const gone = (await readFutures(world.journal)).filter(
    (one) =>
      one.service === place.service &&
      one.environment === place.environment &&
      kinds.includes(one.kind) &&
      !isFound(one) &&
      (one.finding !== undefined || one.ticket.isOpen),
  )
  const command: FutureCommand = { is: 'gone', at }
  for (const one of gone) await runner.tell(futureRef(one), command)
}

export type Deps = {
  readonly world: World
  readonly runner: Runner
  /** Told of each look that failed, and of what. */
  readonly onTrouble: (what: string, error: unknown) => void
}

/**
 * Looks ahead in one place, and tells of each thing what was found. Others have their turn in between.
 * @returns all that was found
 */
export async function lookAheadAt(deps: Deps, place: ForeseenPlace): Promise<readonly Finding[]> {
  const all: Finding[] = []
  const at = deps.world.clock.now()
  for (const { kinds, foresee } of foretellers) {
    try {
      const found = (await foresee(deps.world, place, at)).slice(0, mostFindings)
      all.push(...found)
      for (const one of found) await tellFound(deps, place, one, at)
      await tellGone(deps, place, kinds, found, at)
    } catch (error) {
      deps.onTrouble(`${place.service}/${place.environment}: ${kinds.join(', ')}`, error)
    }
    await setImmediate()
  }
  return all
}
