import type { Digest, Key, Variables } from '../kernel/index.ts'
import { fillIn } from './environment-variables.ts'
import type { World } from './world.ts'

export type ReleaseCommand = {
  readonly run: string
  readonly timeoutMs: number
  readonly graceMs: number
  readonly release: Digest
  readonly env: Variables
}

const log = { maxBytes: 10 * 2 ** 20, rotate: false } as const

/** How long it may take, and how much of its output is kept. */
export const releaseCommandLimits = ({ timeoutMs, graceMs }: ReleaseCommand) => ({ timeoutMs, graceMs, log })

/**
 * Runs a shell command in the unpacked release; where it is there already it is not started twice.
 * @param own variables that Plimsoll gives, beside RELEASE
 */
export async function runInRelease(
  world: World,
  key: Key,
  command: ReleaseCommand,
  own: Readonly<Record<string, string>>,
): Promise<void> {
  const { run, release, env: wanted } = command
  await world.instances.unpack(release, 'process')
  const cwd = await world.instances.folderOf(release, 'process')
  if (cwd === undefined) throw new Error(`release ${release} could not be unpacked`)
  const { env, secrets } = await fillIn(world, wanted)
  await world.commands.start(key, {
    argv: ['/bin/sh', '-eu', '-c', run],
    cwd,
    env: { ...env, RELEASE: release, ...own },
    secrets,
    ...releaseCommandLimits(command),
  })
}
