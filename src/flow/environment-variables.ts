import { type DeploymentState, taskVariables } from '../deploy/index.ts'
import { type FleetSpec, mainContainer } from '../fleet/index.ts'
import { assertMaskable } from '../host/index.ts'
import { PlimsollError, type Variables } from '../kernel/index.ts'
import type { World } from './world.ts'

/** What of this machine's environment commands get; everything else is said in the configuration. */
const inherited = (): Record<string, string> => ({
  PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  HOME: process.env.HOME ?? '/',
})

const namesIn = (env: Variables): string[] =>
  Object.values(env).flatMap((value) => (typeof value === 'string' ? [] : [value.secret]))

/** Names of all secrets in these variables. */
export const secretNames = (all: readonly Variables[]): string[] => [...new Set(all.flatMap(namesIn))]

/** All variables of an instance: those that its environment gives, and those that its containers bring along. */
export async function variablesOfInstance(
  { instances }: Pick<World, 'instances'>,
  { start, release }: Pick<FleetSpec, 'start' | 'release'>,
): Promise<Variables[]> {
  if (start.target !== 'docker') return [start.env]
  const containers = await instances.containersOf(release)
  return [start.env, ...Object.values(containers).map(({ env }) => env)]
}

/** All variables of the commands that a deployment runs: those of its settings, and those of the image they run in. */
export async function variablesOfTasks(
  { instances }: Pick<World, 'instances'>,
  { settings, release }: Pick<DeploymentState, 'settings' | 'release'>,
): Promise<Variables[]> {
  const own = taskVariables(settings)
  if (settings.start.target !== 'docker') return own
  const main = (await instances.containersOf(release))[mainContainer]
  return main ? [...own, main.env] : own
}

/** Variables as they are, and the values of secrets by the name of their variable. */
export async function splitSecrets(
  { secrets }: Pick<World, 'secrets'>,
  variables: Variables,
): Promise<{ env: Record<string, string>; secrets: Record<string, string> }> {
  const env: Record<string, string> = {}
  const named: Record<string, string> = {}
  for (const [name, value] of Object.entries(variables)) {
    if (typeof value === 'string') env[name] = value
    else named[name] = value.secret
  }
  const values = await secrets(Object.values(named))
  const known = Object.entries(named).map(([name, secret]) => [name, values[secret] ?? ''])
  return { env, secrets: Object.fromEntries(known) }
}

/** Why commands with these variables cannot be started: a secret has no value, or one that cannot be hidden in logs. */
export async function secretsProblem(
  { secrets }: Pick<World, 'secrets'>,
  all: readonly Variables[],
): Promise<string | undefined> {
  try {
    assertMaskable(Object.values(await secrets(secretNames(all))))
    return undefined
  } catch (error) {
    if (error instanceof PlimsollError) return error.problems.map(({ text }) => text).join('; ')
    throw error
  }
}

/** The same of all that a deployment is to start: its instances and its commands. */
export async function secretsProblemOf(
  world: Pick<World, 'secrets' | 'instances'>,
  state: Pick<DeploymentState, 'settings' | 'release'>,
): Promise<string | undefined> {
  const { settings, release } = state
  const instance = await variablesOfInstance(world, { start: settings.start, release })
  return secretsProblem(world, [...instance, ...(await variablesOfTasks(world, state))])
}

/** Variables with the values of their secrets filled in, and those values, to be hidden in logs. */
export async function fillIn(
  { secrets }: Pick<World, 'secrets'>,
  env: Variables,
): Promise<{ env: Record<string, string>; secrets: string[] }> {
  const values = await secrets(namesIn(env))
  const filled = Object.entries(env).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : (values[value.secret] ?? ''),
  ])
  return { env: { ...inherited(), ...Object.fromEntries(filled) }, secrets: Object.values(values) }
}
