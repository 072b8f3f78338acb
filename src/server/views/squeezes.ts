import type { SqueezePlan, SqueezeView } from '../../contract/index.ts'
import { type Promised, type SqueezeState, sharesOf, whyNot } from '../../deploy/index.ts'
import { type SqueezeWish, sightOf, squeezeSettings } from '../../flow/squeezes.ts'
import type { World } from '../../flow/world.ts'
import { formatDuration } from '../../kernel/index.ts'
import { nameRelease } from './releases.ts'

const standings = {
  waiting: 'waiting',
  running: 'running',
  passed: 'passed',
  inconclusive: 'inconclusive',
  refused: 'cancelled',
} as const satisfies Record<SqueezeState['standing'], SqueezeView['standing']>

export async function viewSqueeze(world: World, state: SqueezeState): Promise<SqueezeView> {
  const { id, service, environment, phase, text, reasons, actor, reason, requestedAt, live, settings } = state
  return {
    schemaVersion: 1,
    ...{ id, service, environment, phase, text, actor, reason, requestedAt },
    standing: standings[state.standing],
    reasons: [...reasons],
    ...(live ? { release: await nameRelease(world, live.release), instances: live.size } : {}),
    ...(settings.toPerSecond === undefined ? {} : { toPerSecond: settings.toPerSecond }),
    stages: state.stages.map(({ how: _, ...stage }) => stage),
    ...(state.found ? { found: state.found } : {}),
    ...(state.startedAt === undefined ? {} : { startedAt: state.startedAt }),
    ...(state.endedAt === undefined ? {} : { endedAt: state.endedAt }),
  }
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(5))} %`

const promiseText = ({ objective, belowMs }: Promised): string =>
  belowMs === undefined
    ? `${percent(objective)} without a failure`
    : `${percent(objective)} within ${belowMs < 1_000 ? `${belowMs} ms` : formatDuration(belowMs)}`

/**
 * What a squeeze would be now.
 * @throws PLM_NOT_FOUND, or PLM_SQUEEZE_NOT_ALLOWED by the configuration
 */
export async function viewSqueezePlan(
  world: World,
  of: { readonly service: string; readonly environment: string },
  wish: SqueezeWish,
): Promise<SqueezePlan> {
  const settings = await squeezeSettings(world, of, wish)
  const sight = await sightOf(world, of)
  const live = sight.lane?.live
  const { toPerSecond, watchMs, atMostMs, promises } = settings
  return {
    schemaVersion: 1,
    ...of,
    ...(live ? { release: await nameRelease(world, live.release) } : {}),
    instances: live?.size ?? 0,
    shares: live ? [...sharesOf(settings, live.size)] : [],
    ...(toPerSecond === undefined ? {} : { toPerSecond }),
    ...{ watchMs, atMostMs },
    promises: promises.map(promiseText),
    reasons: [...whyNot(sight)],
  }
}
