import {
  type Asked,
  type FiringSeen,
  newSqueeze,
  type SqueezeCommand,
  type SqueezedBefore,
  type SqueezeSettings,
  type SqueezeSight,
  type SqueezeState,
  squeezeId,
  whyNot,
} from '../deploy/index.ts'
import { fleetSeen } from '../fleet/index.ts'
import { type Json, PlimsollError, type Problem, type Reason, type Ref } from '../kernel/index.ts'
import { isFiring } from '../watch/index.ts'
import { forecastWindow } from './futures.ts'
import {
  laneRef,
  readAlerts,
  readDeployment,
  readFleet,
  readLane,
  readSqueeze,
  squeezeRef,
} from './records.ts'
import type { Runner } from './runner.ts'
import { type Allowed, type SqueezeWish, squeezeAllowed } from './squeeze-settings.ts'
import type { World } from './world.ts'

type Of = { readonly service: string; readonly environment: string }

async function firingIn(world: World, { service, environment }: Of): Promise<readonly FiringSeen[]> {
  const { alerts = [] } = (await readAlerts(world.journal, service)) ?? {}
  return (
    alerts
      .filter((one) => isFiring(one) && one.labels.environment === environment)
      // What is only foreseen is no trouble yet: to know what an instance carries may be the answer to it.
      .filter(({ labels }) => labels.window !== forecastWindow)
      .map(({ labels, text }) => ({ severity: labels.severity === 'page' ? 'page' : 'ticket', text }))
  )
}

/** Which instances of an environment were squeezed, and when. */
export const squeezedBefore = async (world: World, of: Of): Promise<readonly SqueezedBefore[]> =>
  (await squeezesOf(world, of)).flatMap(({ instance, startedAt }) =>
    instance === undefined || startedAt === undefined ? [] : [{ index: instance, at: startedAt }],
  )

/** What is seen of an environment that is squeezed, or is to be. */
export async function sightOf(world: World, of: Of): Promise<Omit<SqueezeSight, 'owner'>> {
  const lane = await readLane(world.journal, laneRef(of.service, of.environment).id)
  const live = lane?.live
  const deployed = live && (await readDeployment(world.journal, live.deployment))?.settings
  return {
    lane,
    ...(deployed ? { deployed } : {}),
    instances: fleetSeen(live && (await readFleet(world.journal, live.fleet))).instances,
    traffic: await world.gateways.observe(laneRef(of.service, of.environment).id),
    firing: await firingIn(world, of),
  }
}

const problemOf = ({ text, next }: Reason): Problem => ({
  text: next === undefined ? text : `${text}: ${next}`,
})

/** What somebody wants of the instances that run. */
export const wanted = ({ instance }: SqueezeWish): Asked => (instance === undefined ? {} : { instance })

/** @throws all that speaks against it at once, whether the configuration does or what is there now */
function settingsIn(allowed: Allowed, reasons: readonly Reason[]): SqueezeSettings {
  const now = reasons.map(problemOf)
  if ('problems' in allowed) throw new PlimsollError('PLM_SQUEEZE_NOT_ALLOWED', [...allowed.problems, ...now])
  if (now.length > 0) throw new PlimsollError('PLM_SQUEEZE_REFUSED', now)
  return allowed.settings
}

/** All squeezes of an environment, the newest first. */
export const squeezesOf = async (world: World, { service, environment }: Of): Promise<SqueezeState[]> =>
  (await world.journal.list({ kind: 'squeeze' }))
    .map(({ state }) => state as unknown as SqueezeState)
    .filter((one) => one.service === service && one.environment === environment)
    .sort((a, b) => b.number - a.number)

/** The one that goes on. */
export const openSqueeze = async (world: World, of: Of): Promise<SqueezeState | undefined> =>
  (await squeezesOf(world, of)).find(({ phase }) => phase !== 'ended')

/**
 * Asks for one; durable when it returns. The same name twice is one.
 * @returns its name
 * @throws PLM_SQUEEZE_NOT_ALLOWED by the configuration; PLM_SQUEEZE_REFUSED for all that speaks against it now
 */
export async function orderSqueeze(
  world: World,
  runner: Runner,
  {
    name,
    actor,
    reason,
    wish,
    ...of
  }: Of & {
    readonly name: string
    readonly actor: string
    readonly reason: string
    readonly wish: SqueezeWish
  },
): Promise<string> {
  const allowed = await squeezeAllowed(world, of, wish)
  for (;;) {
    const known = await squeezesOf(world, of)
    const same = known.find((one) => one.name === name)
    if (same) return same.id
    const settings = settingsIn(allowed, whyNot(await sightOf(world, of), wanted(wish)))
    const number = (known[0]?.number ?? 0) + 1
    const id = squeezeId(of.service, of.environment, number)
    const requestedAt = world.clock.now()
    const { state, effects } = newSqueeze({ ...of, id, number, name, actor, reason, settings, requestedAt })
    await runner.create(squeezeRef(id), state as unknown as Json, { effects })
    // Somebody else may have been first with this number.
    if ((await readSqueeze(world.journal, id))?.name === name) return id
  }
}

const evenAgainEveryMs = 50
/** Five seconds: a gateway that cannot be told by then splits evenly by itself soon. */
const evenAgainTimes = 100

/** Squeezes that go on, or have left something to do. */
async function unsettled({ journal }: World): Promise<readonly Ref[]> {
  const open = await journal.list({ kind: 'squeeze', ended: false })
  const pending = await journal.withPending()
  return [...open.map(({ of }) => of), ...pending.filter(({ kind }) => kind === 'squeeze')]
}

/** Splits evenly again whatever is squeezed, as nobody is to look on: the server ends in order. */
export async function leaveSqueezes(world: World, runner: Runner): Promise<void> {
  const leave: SqueezeCommand = { is: 'leave' }
  await Promise.allSettled((await unsettled(world)).map((of) => runner.tell(of, leave)))
  for (let times = 0; times < evenAgainTimes && (await unsettled(world)).length > 0; times++)
    await world.clock.until(world.clock.now() + evenAgainEveryMs)
}
