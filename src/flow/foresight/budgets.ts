import { setImmediate } from 'node:timers/promises'
import type { DeploymentState } from '../../deploy/index.ts'
import { shortDigest } from '../../kernel/index.ts'
import { aroundOf, type Deployed, type Finding, foreseeBudget } from '../../predict/index.ts'
import { promisedIn } from '../../watch/index.ts'
import type { World } from '../world.ts'
import type { ForeseenPlace, Foreteller } from './index.ts'

const hourMs = 3_600_000
/** Incidents are counted over so many hours: eight weeks. */
const lookBackHours = 8 * 7 * 24
/** So many deployments back it is looked. */
const lookedAt = 200

/** What changed an environment, newest first. */
async function deployedIn(
  world: World,
  { service, environment }: ForeseenPlace,
  at: number,
): Promise<readonly Deployed[]> {
  const since = at - lookBackHours * hourMs
  return (await world.journal.list({ kind: 'deployment', limit: lookedAt }))
    .map(({ state }) => state as unknown as DeploymentState)
    .filter((one) => one.service === service && one.environment === environment && one.rail.length > 0)
    .sort((a, b) => b.number - a.number)
    .map(({ release, startedAt, requestedAt, endedAt = at }) => ({
      name: shortDigest(release),
      from: startedAt ?? requestedAt,
      to: endedAt,
    }))
    .filter(({ to }) => to > since)
}

/** When what is promised can be broken no more. A promise of which nobody knows keeps no other from being told of. */
export const foreseeBudgets: Foreteller = async (world, place, at) => {
  const { service, environment, config } = place
  const promised = config.slos.filter((slo) => promisedIn(slo, config.environments).includes(environment))
  const deployed = promised.length > 0 ? await deployedIn(world, place, at) : []
  const found: Finding[] = []
  for (const slo of promised) {
    const { name, objective, window, lowTraffic } = slo
    const of = { service, environment, slo, prometheus: config.watch.prometheus }
    const count = Math.max(lookBackHours, window / hourMs)
    try {
      const hours = await world.budgets.hoursOf(of, at, count)
      const promise = { objective, window }
      found.push(
        foreseeBudget(
          { name, promise, leastBad: lowTraffic.bad, hours, deployed },
          aroundOf(config.predict, at),
        ),
      )
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error)
      found.push({ is: 'unforeseen', kind: 'budget', name, text: `its ${name} budget: ${because}` })
    }
    await setImmediate()
  }
  return found
}
