import type { ChangeView } from '../../contract/index.ts'
import type { World } from '../../flow/world.ts'
import { zoneIn } from '../../flow/zone.ts'
import { summariseComparison } from './comparison.ts'
import { deploymentText } from './deployment.ts'
import { requestsText } from './ledger.ts'
import { comparisonsIn, deploymentsOf, runsOf } from './records.ts'
import { changeName, viewRun } from './run.ts'

/** Address of the page of a change. */
export const changeLink = (service: string, id: string): string => `/services/${service}/changes/${id}`

/** The page of one change; undefined when no run knows it. A prefix of its name is enough. */
export async function viewChange(world: World, service: string, id: string): Promise<ChangeView | undefined> {
  const runs = (await runsOf(world, service)).filter((run) => run.change.id.startsWith(id))
  const [newest] = runs
  if (!newest) return undefined
  const releases = new Set(runs.flatMap((run) => (run.release ? [run.release.digest] : [])))
  const deployments = (await deploymentsOf(world)).filter(
    (d) => d.service === service && releases.has(d.release),
  )
  const comparisons = (await comparisonsIn(world, service)).filter(({ release }) => releases.has(release))
  return {
    schemaVersion: 1,
    timeZone: await zoneIn(world, service),
    change: changeName(service, newest.change),
    runs: await Promise.all(runs.map((run) => viewRun(world, run))),
    comparisons: await Promise.all(comparisons.map((one) => summariseComparison(world, one))),
    deployments: deployments.map((d) => ({
      id: d.id,
      environment: d.environment,
      standing: d.standing,
      text: deploymentText(d, requestsText(d)),
      at: d.startedAt ?? d.requestedAt,
      ...(d.endedAt === undefined ? {} : { endedAt: d.endedAt }),
    })),
  }
}
