import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../../config/read.ts'
import type { ServiceConfig } from '../../config/schema.ts'
import { openSecrets } from '../../config/secrets.ts'
import { gateNames } from '../../flow/gates.ts'
import type { Variables } from '../../kernel/index.ts'
import { objectiveOf } from '../../load/index.ts'
import { homeFrom } from '../../server/home.ts'
import type { Io } from '../command.ts'

/** The configuration of a folder; undefined where there is none. */
export async function configOf(folder: string): Promise<ServiceConfig | undefined> {
  if (!existsSync(join(folder, 'plimsoll.config.ts'))) return undefined
  return (await readConfig({ folder, gates: gateNames })).config
}

/** What a repository says of how it is compared: the command line goes before it. */
export type ConfiguredLoad = {
  /** A path, or the file of a scenario. */
  readonly sends?: string
  readonly objective?: string
  readonly prepare?: string
  readonly env?: Readonly<Record<string, string>>
  readonly budgetMs?: number
  readonly margin?: number
}

/** Values of secrets as on the server: from the secrets file, or PLIMSOLL_SECRET_… of the environment. */
async function filled(env: Variables, io: Io): Promise<Record<string, string>> {
  const secrets = openSecrets({ file: homeFrom(undefined, io.env).secrets, env: io.env })
  const names = Object.values(env).flatMap((value) => (typeof value === 'string' ? [] : [value.secret]))
  const values = Object.fromEntries(await secrets.resolve(names))
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : (values[value.secret] ?? ''),
    ]),
  )
}

/**
 * What the configuration of the folder that a command was called in says of load.
 * @throws PLM_CONFIG_INVALID, PLM_SECRET_MISSING
 */
export async function configuredLoad(io: Io): Promise<ConfiguredLoad> {
  const config = await configOf(io.cwd)
  if (!config) return {}
  const { path, scenario, prepare, env, budget, margin, objective } = config.load
  const goal = objective ?? objectiveOf(config.slos)
  return {
    sends: scenario ?? path,
    ...(goal === undefined ? {} : { objective: goal }),
    ...(prepare === undefined ? {} : { prepare }),
    env: await filled(env, io),
    budgetMs: budget,
    margin,
  }
}
