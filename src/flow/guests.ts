import type { DeploymentSettings, Sized } from '../deploy/index.ts'
import { type Digest, PlimsollError } from '../kernel/index.ts'
import { readSize } from '../predict/index.ts'
import { settingsToBring } from './orders.ts'
import { settingsSized } from './sizes.ts'
import type { World } from './world.ts'

type Of = { readonly service: string; readonly environment: string; readonly release: Digest }

/** What is live, and how it was brought. */
export type LiveAs = { readonly release: Digest; readonly deployed: DeploymentSettings }

/**
 * How a release is brought in the place of what is live, to be measured. What is live itself is brought as it was.
 * @param sized with which instances, where not with those of the environment
 * @throws PLM_LOAD_SIZE when there are no such instances
 */
export async function settingsOfGuest(
  world: World,
  of: Of,
  live: LiveAs,
  sized: Sized | undefined,
): Promise<DeploymentSettings> {
  const brought =
    of.release === live.release ? live.deployed : await settingsToBring(world, of, live.deployed.port)
  return sized ? settingsSized(world, of.release, brought, sized) : brought
}

type Asked = { readonly size?: string | undefined; readonly instances?: number | undefined }

/**
 * The instances that somebody asks for; undefined when with those of the environment.
 * @throws PLM_LOAD_SIZE when it cannot be read
 */
export function sizedOf({ size: text, instances }: Asked): Sized | undefined {
  if (text === undefined && instances === undefined) return undefined
  const read = text === undefined ? { size: {} } : readSize(text)
  if (!read)
    throw new PlimsollError(
      'PLM_LOAD_SIZE',
      `'${text}' cannot be read, expected 'cpus 2', 'memory 4GiB' or 'cpus 2, memory 4GiB'`,
    )
  if ('text' in read) throw new PlimsollError('PLM_LOAD_SIZE', [read])
  return { ...read.size, ...(instances === undefined ? {} : { instances }) }
}
