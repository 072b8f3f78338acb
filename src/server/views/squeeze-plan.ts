import type { SqueezePlan } from '../../contract/index.ts'
import {
  instanceFor,
  type Live,
  type Promised,
  type SqueezeSettings,
  stagesAhead,
  whyNot,
} from '../../deploy/index.ts'
import { type SqueezeWish, squeezeAllowed } from '../../flow/squeeze-settings.ts'
import { sightOf, squeezedBefore, wanted } from '../../flow/squeezes.ts'
import type { World } from '../../flow/world.ts'
import { formatDuration } from '../../kernel/index.ts'
import { nameRelease } from './releases.ts'

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`
const within = (ms: number): string => (ms < 1_000 ? `${ms} ms` : formatDuration(ms))

const promiseText = ({ objective, belowMs }: Promised): string => {
  const kept = `${Number((objective * 100).toPrecision(5))} %`
  return belowMs === undefined ? `${kept} without a failure` : `${kept} within ${within(belowMs)}`
}

function breachText({ objective, belowMs }: Promised): string {
  const slow = belowMs === undefined ? '' : ` or take more than ${within(belowMs)}`
  return `more than ${percent(1 - objective)} of its requests fail${slow}`
}

const stopsOf = ({ promises, atMostMs }: SqueezeSettings): string[] => [
  ...promises.map(breachText),
  'the judge of canaries calls it worse than the others',
  'a page fires there, or an instance falls ill or is another process',
  'a deployment, a load test or a person wants the environment',
  'the gateway or the server stops, or does not answer',
  `${formatDuration(atMostMs)} are over, or somebody says plimsoll squeeze --stop`,
]

type Asked = { readonly ratePerSecond: number } | undefined

/** What is asked of all of them now; unknown while nobody has watched for long enough. */
async function askedNow(world: World, environment: string, live: Live | undefined): Promise<Asked> {
  const lately = live && (await world.gateways.lately(environment, live.fleet, live.since))
  return lately && { ratePerSecond: lately.requests / lately.seconds }
}

/** A verdict wants so many requests of either side, and waits for three times as long as a stage is watched. */
function notesOf({ minRequests, watchMs }: SqueezeSettings, size: number, asked: Asked): string[] {
  if (!asked) return ['nobody has watched for long enough to say what is asked now']
  const seen = Math.round((asked.ratePerSecond / size) * ((3 * watchMs) / 1_000))
  if (seen >= minRequests) return []
  return [
    `as much as is asked now, the first stage sees about ${seen} requests of the instance, and ${minRequests} are needed: nothing would be found out`,
  ]
}

function stagesOf(settings: SqueezeSettings, size: number, asked: Asked): SqueezePlan['stages'] {
  const all = asked?.ratePerSecond ?? 0
  return stagesAhead(settings, size, all).map((share) =>
    asked
      ? { share, ratePerSecond: all * share, othersPerSecond: (all * (1 - share)) / Math.max(1, size - 1) }
      : { share },
  )
}

/**
 * What a squeeze would be now, and all that speaks against it.
 * @throws PLM_NOT_FOUND
 */
export async function viewSqueezePlan(
  world: World,
  of: { readonly service: string; readonly environment: string },
  wish: SqueezeWish,
): Promise<SqueezePlan> {
  const allowed = await squeezeAllowed(world, of, wish)
  const sight = { ...(await sightOf(world, of)), before: await squeezedBefore(world, of) }
  const live = sight.lane?.live
  const reasons = [...whyNot(sight, wanted(wish))]
  const here = {
    ...{ schemaVersion: 1 as const, ...of, instances: live?.size ?? 0 },
    ...(live
      ? { release: await nameRelease(world, live.release), instance: instanceFor(live, sight, wish.instance) }
      : {}),
  }
  if ('problems' in allowed) {
    const against = allowed.problems.map(({ at, text }) => ({
      text: at === undefined ? text : `${at} ${text}`,
    }))
    const nothing = { stages: [], promises: [], stops: [], notes: [] }
    return { ...here, ...nothing, allowed: false, reasons: [...against, ...reasons] }
  }
  const { settings } = allowed
  const asked = await askedNow(world, `${of.service}.${of.environment}`, live)
  return {
    ...here,
    ...asked,
    stages: live ? stagesOf(settings, live.size, asked) : [],
    ...{ watchMs: settings.watchMs, atMostMs: settings.atMostMs },
    promises: settings.promises.map(promiseText),
    stops: stopsOf(settings),
    notes: live ? notesOf(settings, live.size, asked) : [],
    ...{ allowed: true, reasons },
  }
}
