import { assertMaskable } from '../host/index.ts'
import { PlimsollError, type Variables } from '../kernel/index.ts'
import type { World } from './world.ts'

/** What of this machine's environment commands get; everything else is said in the configuration. */
const inherited = (): Record<string, string> => ({
  PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  HOME: process.env.HOME ?? '/',
})

/** Why commands with these variables cannot be started: a secret has no value, or one that cannot be hidden in logs. */
export async function secretsProblem(
  world: Pick<World, 'secrets'>,
  env: Variables,
): Promise<string | undefined> {
  try {
    assertMaskable((await fillIn(world, env)).secrets)
    return undefined
  } catch (error) {
    if (error instanceof PlimsollError) return error.problems.map(({ text }) => text).join('; ')
    throw error
  }
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
