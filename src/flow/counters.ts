import {
  countersDue,
  type DeploymentSight,
  type DeploymentState,
  readScrape,
  type Scrape,
} from '../deploy/index.ts'
import type { FleetSeen, InstanceSeen } from '../fleet/index.ts'
import { letIn } from '../watch/index.ts'
import { readService } from './records.ts'
import type { World } from './world.ts'

/** One that starts or is to be started again has nothing to tell yet. */
const tells = ({ phase, port }: InstanceSeen): boolean =>
  port !== undefined && (phase === 'ready' || phase === 'unhealthy')

const noPath = 'its start says no path of its metrics'

/** The protected branch says how whoever reads the metrics of instances is let in; the same holds for what watches them. */
async function accessTo(world: World, { service }: DeploymentState): ReturnType<typeof letIn> {
  const config = (await readService(world.journal, service))?.guard?.config
  return letIn(config?.watch?.metrics ?? {}, world.secrets)
}

async function answerOf(
  { instances }: World,
  port: number,
  path: string | undefined,
  access: Awaited<ReturnType<typeof letIn>>,
): ReturnType<World['instances']['scrape']> {
  if (path === undefined) return { because: noPath }
  return 'because' in access ? { because: `${path} ${access.because}` } : instances.scrape(port, path, access)
}

/**
 * What all instances of both fleets say of the counters by which a canary is judged, when a look is due.
 * Each is asked at its own port: what a gateway or a load balancer answers is one instance's word at a time.
 */
export async function seeCounters(
  world: World,
  state: DeploymentState,
  fleets: readonly FleetSeen[],
): Promise<Pick<DeploymentSight, 'scrapes'>> {
  const counters = countersDue(state, world.clock.now())
  if (!counters) return {}
  if (counters.length === 0) return { scrapes: [] }
  const access = await accessTo(world, state)
  const ask = async ({ id, attempt, port = 0 }: InstanceSeen, path: string | undefined): Promise<Scrape> => {
    const answer = await answerOf(world, port, path, access)
    return readScrape({ instance: id, process: attempt }, answer, counters)
  }
  const scrapes = fleets.flatMap(({ spec, instances }) => {
    // A live version of before there was a path may tell its counters all the same.
    const path = spec?.start.metricsPath ?? state.settings.start.metricsPath
    return instances.filter(tells).map((instance) => ask(instance, path))
  })
  return { scrapes: await Promise.all(scrapes) }
}
