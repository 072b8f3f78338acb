import type { ChangeView } from '../../contract/index.ts'
import { laneId } from '../../deploy/index.ts'
import { readLane, readService } from '../../flow/records.ts'
import { isGuarded } from '../../flow/service.ts'
import type { World } from '../../flow/world.ts'
import { zoneIn } from '../../flow/zone.ts'
import type { RunState } from '../../pipeline/index.ts'
import { summariseComparison } from './comparison.ts'
import { deploymentText } from './deployment.ts'
import { requestsText } from './ledger.ts'
import { placesOf } from './places.ts'
import { comparisonsIn, deploymentsOf, runsOf } from './records.ts'
import { changeName, viewRun } from './run.ts'

/** Address of the page of a change. */
export const changeLink = (service: string, id: string): string => `/services/${service}/changes/${id}`

const numberOf = ({ id }: RunState): number => Number(id.slice(id.lastIndexOf('.') + 1))

/** Where a change may come to; undefined as long as no configuration says so. */
async function wayOf(world: World, run: RunState): Promise<ChangeView['way']> {
  const service = await readService(world.journal, run.service)
  if (!service || !isGuarded(service, run)) return []
  const { guard } = service
  // Its own configuration, or a newer one, says so: an older one may not know where it goes.
  if (!guard || guard.run < numberOf(run)) return undefined
  return Promise.all(
    placesOf(service).map(async ({ name, after }) => {
      const { inStepWith, promote } = guard.config.environments[name] ?? {}
      const lane = await readLane(world.journal, laneId(run.service, name))
      const rejected = run.release && lane?.rejected[run.release.digest]
      const before = inStepWith ?? after
      return {
        environment: name,
        ...(before === undefined ? {} : { after: before }),
        by: inStepWith !== undefined ? ('inStep' as const) : promote === 'manual' ? 'promote' : 'itself',
        live: run.release !== undefined && lane?.live?.release === run.release.digest,
        ...(rejected ? { rejected: `it was rolled back there by ${rejected}` } : {}),
      }
    }),
  )
}

/** The page of one change; undefined when no run knows it. A prefix of its name is enough. */
export async function viewChange(world: World, service: string, id: string): Promise<ChangeView | undefined> {
  const runs = (await runsOf(world, service)).filter((run) => run.change.id.startsWith(id))
  const [newest] = runs
  if (!newest) return undefined
  const releases = new Set(runs.flatMap((run) => (run.release ? [run.release.digest] : [])))
  const deployments = (await deploymentsOf(world)).filter(
    (d) => d.service === service && releases.has(d.release),
  )
  const way = await wayOf(world, newest)
  const comparisons = (await comparisonsIn(world, service)).filter(({ release }) => releases.has(release))
  return {
    schemaVersion: 1,
    timeZone: await zoneIn(world, service),
    change: changeName(service, newest.change),
    runs: await Promise.all(runs.map((run) => viewRun(world, run))),
    ...(way ? { way } : {}),
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
