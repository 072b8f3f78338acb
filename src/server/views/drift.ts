import type { InStepView } from '../../contract/index.ts'
import { comingIn, type Drift, undeclared } from '../../deploy/index.ts'
import { driftNow } from '../../flow/in-step.ts'
import type { World } from '../../flow/world.ts'
import { zoneIn } from '../../flow/zone.ts'
import { momentIn } from '../../kernel/index.ts'

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** The verdict of a drift, in one word and one sentence. */
function sayDrift(drift: Drift, timeZone: string): Pick<InStepView, 'is' | 'text'> {
  const drifted = undeclared(drift)
  const { with: leader, differences, unknown } = drift
  if (drifted.length > 0) {
    const since = momentIn(timeZone, Math.min(...drifted.map((one) => one.since)))
    const names = list(drifted.map(({ what }) => what))
    const verb = drifted.length === 1 ? 'differs' : 'differ'
    return { is: 'drift', text: `drift: ${names} ${verb} from ${leader} since ${since}` }
  }
  const [coming] = comingIn(drift)
  if (coming)
    return {
      is: 'following',
      text: `follows ${leader}: ${coming.coming} mends ${coming.what} (${coming.there})`,
    }
  if (unknown.length > 0) return { is: 'unknown', text: `nobody can tell: ${unknown[0]}` }
  const declared = differences.length
  const but = declared === 0 ? '' : `, but for ${declared} declared difference${declared === 1 ? '' : 's'}`
  return { is: 'inStep', text: `in step with ${leader}${but}` }
}

/** How an environment follows the one that it is in step with; undefined when it follows none. */
export async function viewInStep(
  world: World,
  service: string,
  environment: string,
): Promise<InStepView | undefined> {
  const drift = await driftNow(world, service, environment)
  if (!drift) return undefined
  const timeZone = await zoneIn(world, service)
  return {
    with: drift.with,
    ...sayDrift(drift, timeZone),
    differences: drift.differences.map((one) => ({ ...one })),
    unknown: [...drift.unknown],
  }
}
