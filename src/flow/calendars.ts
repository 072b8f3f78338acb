import { calendarKind, type DeploymentState, type FreezeSettings, fixKind } from '../deploy/index.ts'
import { canonicalJson, type Json } from '../kernel/index.ts'
import type { World } from './world.ts'

/** Keeps something about a release and an environment once. */
async function keepOnce(
  world: World,
  { release, environment }: DeploymentState,
  kind: string,
  body: Json,
): Promise<void> {
  const known = await world.evidence.about(release, [kind])
  const isKnown = known.some(
    (one) => one.about.environment === environment && canonicalJson(one.body) === canonicalJson(body),
  )
  if (!isKnown)
    await world.evidence.put({ kind, at: world.clock.now(), about: { release, environment }, body })
}

/** What the gate `freeze` judges by is kept with the release: the calendar, and who called it a fix and why. */
export async function keepCalendar(
  world: World,
  { timeZone, windows, exempt }: FreezeSettings,
  state: DeploymentState,
): Promise<void> {
  await keepOnce(world, state, calendarKind, { timeZone, windows, exempt } as unknown as Json)
  const { fix, actor, id } = state
  if (fix !== undefined) await keepOnce(world, state, fixKind, { by: actor, reason: fix, deployment: id })
}
