import type { Variables } from '../kernel/index.ts'
import type { World } from './world.ts'

/** What of this machine's environment commands get; everything else is said in the configuration. */
const inherited = (): Record<string, string> => ({
  PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  HOME: process.env.HOME ?? '/',
})

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

/** Variables with the values of their secrets filled in, and those values, to be hidden in logs. */
export async function fillIn(
  { secrets }: Pick<World, 'secrets'>,
  env: Variables,
): Promise<{ env: Record<string, string>; secrets: string[] }> {
  const names = Object.values(env).flatMap((value) => (typeof value === 'string' ? [] : [value.secret]))
  const values = await secrets(names)
  const filled = Object.entries(env).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : (values[value.secret] ?? ''),
  ])
  return { env: { ...inherited(), ...Object.fromEntries(filled) }, secrets: Object.values(values) }
}
