import { lifeVariables, taskVariables } from '../deploy/index.ts'
import { readComparison, readDeployment, readFleet, readLoadTest, readRun } from '../flow/records.ts'
import type { World } from '../flow/world.ts'
import type { Key, Variables } from '../kernel/index.ts'

const namesIn = (env: Variables): string[] =>
  Object.values(env).flatMap((value) => (typeof value === 'string' ? [] : [value.secret]))

/** The variables that a command was started with, as its story has them. */
async function variablesBehind(world: World, key: Key): Promise<readonly Variables[]> {
  const [kind, id = '', job = '', step = ''] = key.split('/')
  if (kind === 'fleet') {
    const fleet = await readFleet(world.journal, id)
    return fleet ? [fleet.want.start.env] : []
  }
  if (kind === 'comparison') {
    const how = (await readComparison(world.journal, id))?.how
    return how?.is === 'possible' ? [how.settings.env] : []
  }
  if (kind === 'loadTest') {
    const test = await readLoadTest(world.journal, id)
    return test ? lifeVariables(test) : []
  }
  if (kind === 'deployment') {
    const deployment = await readDeployment(world.journal, id)
    return deployment ? taskVariables(deployment.settings) : []
  }
  const run = kind === 'run' ? await readRun(world.journal, id) : undefined
  const plan = run?.plan?.jobs.find((one) => one.name === job)?.steps[Number(step)]
  return plan ? [plan.env] : []
}

/**
 * Values to hide in the output of a command that another server started: values are never written down, so they are
 * looked up again. One that has no value any more cannot be hidden and hides nothing else.
 */
export async function secretsBehind(world: World, key: Key): Promise<string[]> {
  const names = (await variablesBehind(world, key)).flatMap(namesIn)
  const values = await Promise.all(
    names.map((name) =>
      world.secrets([name]).then(
        (found) => found[name],
        () => undefined,
      ),
    ),
  )
  return values.filter((value) => value !== undefined)
}
