import { lifeVariables } from '../deploy/index.ts'
import { secretNames, variablesOfInstance, variablesOfTasks } from '../flow/environment-variables.ts'
import {
  readCheck,
  readComparison,
  readDeployment,
  readFleet,
  readLoadTest,
  readRun,
} from '../flow/records.ts'
import type { World } from '../flow/world.ts'
import type { Key, Variables } from '../kernel/index.ts'

/** The variables that a command was started with, as its story has them. */
async function variablesBehind(world: World, key: Key): Promise<readonly Variables[]> {
  const [kind, id = '', job = '', step = ''] = key.split('/')
  if (kind === 'fleet') {
    const fleet = await readFleet(world.journal, id)
    return fleet ? variablesOfInstance(world, fleet.want) : []
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
    return deployment ? variablesOfTasks(world, deployment) : []
  }
  if (kind === 'check') {
    const check = await readCheck(world.journal, id)
    return check ? [check.command.env] : []
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
  const names = secretNames(await variablesBehind(world, key))
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
