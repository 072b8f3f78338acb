import type { ServiceConfig } from '../config/schema.ts'
import { type DeploymentSettings, measuredParty } from '../deploy/index.ts'
import type { Digest, Evidence } from '../kernel/index.ts'
import { absoluteLineKind, doubted } from '../predict/index.ts'
import { liveDeployment } from './in-step.ts'
import { readLoadTest } from './records.ts'
import { settingsFor } from './settings.ts'
import type { World } from './world.ts'

type Variables = DeploymentSettings['start']['env']

/** How a load test's environment would be started today; undefined when there is no such environment any more. */
function variablesNow(
  config: ServiceConfig,
  follower: string,
  there: DeploymentSettings | undefined,
): Variables | undefined {
  return config.environments[follower] && settingsFor(config, follower, 0, '', there).start.env
}

/** Names of those that are others now; values may be secrets. */
const changed = (then: Variables, now: Variables): readonly string[] =>
  [...new Set([...Object.keys(then), ...Object.keys(now)])].filter(
    (name) => JSON.stringify(then[name]) !== JSON.stringify(now[name]),
  )

/**
 * Load lines as far as they still count for an environment: one that was measured with other variables than it would be today, by those
 * with which the environment runs, is doubted.
 */
export async function asOfNow(
  world: World,
  config: ServiceConfig,
  environment: string,
  evidence: readonly Evidence[],
): Promise<readonly Evidence[]> {
  const there = (await liveDeployment(world, config.service, environment))?.settings
  const look = async (one: Evidence): Promise<Evidence> => {
    const { test = '' } = (one.body ?? {}) as { readonly test?: string }
    const measured = one.kind === absoluteLineKind && test !== '' && (await readLoadTest(world.journal, test))
    const then = measured ? measuredParty(measured).deployed?.start.env : undefined
    const follower = (one.about.environment ?? '').split('.').at(-1) ?? ''
    const now = then && variablesNow(config, follower, there)
    const names = then && now ? changed(then, now) : []
    return doubted(
      one,
      names.map((name) => `env.${name} is another one in ${environment} now`),
    )
  }
  return Promise.all(evidence.map(look))
}

/** All load lines that were measured of a release, alone, as far as they count for an environment now. */
export const linesNow = async (
  world: World,
  config: ServiceConfig,
  environment: string,
  release: Digest,
): Promise<readonly Evidence[]> =>
  asOfNow(world, config, environment, await world.evidence.about(release, [absoluteLineKind]))
