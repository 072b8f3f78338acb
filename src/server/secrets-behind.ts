import { commandVariables, lifeVariables } from '../deploy/index.ts'
import { secretNames, variablesOfInstance, variablesOfTasks } from '../flow/environment-variables.ts'
import {
  readCheck,
  readComparison,
  readDeployment,
  readFleet,
  readLoadTest,
  readRun,
  readSpike,
} from '../flow/records.ts'
import type { World } from '../flow/world.ts'
import type { Key, Variables } from '../kernel/index.ts'

type Behind = (world: World, id: string, rest: readonly string[]) => Promise<readonly Variables[] | undefined>

/** Kind of the story whose command it is → the variables that it was started with, as the story has them. */
const behind: Readonly<Record<string, Behind>> = {
  async fleet(world, id) {
    const fleet = await readFleet(world.journal, id)
    return fleet && variablesOfInstance(world, fleet.want)
  },
  async comparison({ journal }, id) {
    const how = (await readComparison(journal, id))?.how
    return how?.is === 'possible' ? [how.settings.env] : undefined
  },
  async loadTest({ journal }, id) {
    const test = await readLoadTest(journal, id)
    return test && lifeVariables(test)
  },
  async deployment(world, id) {
    const deployment = await readDeployment(world.journal, id)
    return deployment && variablesOfTasks(world, deployment)
  },
  async spike({ journal }, id, [which]) {
    const spike = await readSpike(journal, id)
    return spike && [commandVariables(spike, which === 'up' ? 'up' : 'down')]
  },
  async check({ journal }, id) {
    const check = await readCheck(journal, id)
    return check && [check.command.env]
  },
  async run({ journal }, id, [job, step]) {
    const jobs = (await readRun(journal, id))?.plan?.jobs
    const plan = jobs?.find((one) => one.name === job)?.steps[Number(step)]
    return plan && [plan.env]
  },
}

async function variablesBehind(world: World, key: Key): Promise<readonly Variables[]> {
  const [kind = '', id = '', ...rest] = key.split('/')
  return (await behind[kind]?.(world, id, rest)) ?? []
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
