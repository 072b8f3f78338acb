import type { DeploymentState } from '../deploy/index.ts'
import { type Digest, type Instant, momentIn, shortDigest } from '../kernel/index.ts'
import type { ProvenanceBody } from '../pipeline/index.ts'
import type { World } from './world.ts'

/** So many deployments back it is looked, and of so many it is told. */
const lookedAt = 200
const toldOf = 5

const outcomes: Readonly<Record<string, string>> = { passed: 'was deployed', rolledBack: 'was rolled back' }

async function sentenceOf(world: World, one: DeploymentState, timeZone: string): Promise<string> {
  const [from] = await world.evidence.about(one.release as Digest, ['provenance'])
  const { subject = '' } = (from?.body ?? {}) as Partial<ProvenanceBody>
  const name = `${shortDigest(one.release)}${subject === '' ? '' : ` (${subject})`}`
  const at = one.endedAt ?? one.startedAt ?? one.requestedAt
  const how =
    one.endedAt === undefined ? 'is being deployed since' : `${outcomes[one.standing] ?? 'came and went'} at`
  return `${name} ${how} ${momentIn(timeZone, at)} by ${one.id}`
}

/** An environment, and whose clocks tell when it changed. */
type Place = { readonly service: string; readonly environment: string; readonly timeZone: string }

/** What has changed an environment since a moment, newest first: each deployment that did, in a sentence. */
export async function changesSince(
  world: World,
  { service, environment, timeZone }: Place,
  since: Instant,
): Promise<readonly string[]> {
  const deployments = (await world.journal.list({ kind: 'deployment', limit: lookedAt }))
    .map(({ state }) => state as unknown as DeploymentState)
    .filter((one) => one.service === service && one.environment === environment)
    // Others were refused at a gate, and changed nothing.
    .filter(({ rail, endedAt = Number.POSITIVE_INFINITY }) => rail.length > 0 && endedAt >= since)
    .sort((a, b) => b.number - a.number)
  return Promise.all(deployments.slice(0, toldOf).map((one) => sentenceOf(world, one, timeZone)))
}
