import type { SqueezesView, SqueezeView } from '../../contract/index.ts'
import { countedIn, type SqueezeState, stagesAhead } from '../../deploy/index.ts'
import { configOf } from '../../flow/in-step.ts'
import { squeezesOf } from '../../flow/squeezes.ts'
import type { World } from '../../flow/world.ts'
import { nameRelease } from './releases.ts'

const standings = {
  waiting: 'waiting',
  running: 'running',
  passed: 'passed',
  inconclusive: 'inconclusive',
  refused: 'cancelled',
} as const satisfies Record<SqueezeState['standing'], SqueezeView['standing']>

/** Of the last stage that is known: what all of them were asked. */
function allPerSecond({ stages, live }: SqueezeState): number {
  const last = stages.at(-1)
  return last ? last.ratePerSecond + last.othersPerSecond * ((live?.size ?? 1) - 1) : 0
}

/** The stage that goes on, and those to come. */
function goingOn(state: SqueezeState): Pick<SqueezeView, 'now' | 'ahead'> {
  const { stage, settings, live } = state
  if (!stage || !live) return { ahead: [] }
  const counted = countedIn(state)
  const shares = stagesAhead(settings, live.size, allPerSecond(state))
  return {
    now: { share: stage.share, watchMs: settings.watchMs, ...(counted ? { counted } : {}) },
    ahead: shares.filter((share) => share > stage.share + 1e-9),
  }
}

const stopOf = ({ id }: SqueezeState): NonNullable<SqueezeView['stop']> => ({
  label: 'Stop the squeeze',
  effect: 'requests are split evenly again at once; what was found out until now is kept',
  command: `plimsoll cancel ${id}`,
})

export async function viewSqueeze(world: World, state: SqueezeState): Promise<SqueezeView> {
  const { id, service, environment, phase, text, reasons, actor, reason, requestedAt, live, settings } = state
  return {
    schemaVersion: 1,
    ...{ id, service, environment, phase, text, actor, reason, requestedAt },
    standing: standings[state.standing],
    reasons: [...reasons],
    ...(live ? { release: await nameRelease(world, live.release), instances: live.size } : {}),
    ...(state.instance === undefined ? {} : { instance: state.instance }),
    ...(settings.toPerSecond === undefined ? {} : { toPerSecond: settings.toPerSecond }),
    stages: state.stages.map(({ how: _, ...stage }) => stage),
    ...goingOn(state),
    ...(state.found ? { found: state.found } : {}),
    ...(state.startedAt === undefined ? {} : { startedAt: state.startedAt }),
    ...(state.endedAt === undefined ? {} : { endedAt: state.endedAt }),
    ...(phase === 'waiting' || phase === 'squeezing' ? { stop: stopOf(state) } : {}),
  }
}

const mostShown = 20

/** @throws PLM_NOT_FOUND */
export async function viewSqueezes(
  world: World,
  of: { readonly service: string; readonly environment: string },
): Promise<SqueezesView> {
  const config = await configOf(world, of.service)
  const newest = (await squeezesOf(world, of)).slice(0, mostShown)
  return {
    schemaVersion: 1,
    allowed: config?.environments[of.environment]?.squeeze !== undefined,
    squeezes: await Promise.all(newest.map((one) => viewSqueeze(world, one))),
  }
}
