import type { GroupSpec } from '../../engine/index.ts'
import type { CommandSpec } from '../../host/index.ts'
import type { Digest } from '../../kernel/index.ts'
import type { StepStart } from '../../pipeline/index.ts'
import { fillIn, splitSecrets } from '../environment-variables.ts'
import type { World } from '../world.ts'
import { inShell } from './container.ts'

const log = { maxBytes: 20 * 2 ** 20, rotate: false } as const

/** Where a step in a container finds its job's working directory. */
const workInside = '/work'

const limitsOf = ({ timeoutMs, graceMs }: StepStart) => ({ timeoutMs, graceMs, log })

async function processOf(world: World, step: StepStart): Promise<CommandSpec> {
  return {
    argv: ['/bin/sh', '-eu', '-c', step.run],
    cwd: world.jobFolder(step.cwdKey),
    ...(await fillIn(world, step.env)),
    ...limitsOf(step),
  }
}

/** Whoever runs the server owns what the step leaves in the working directory. */
const thisUser = (): string | undefined =>
  process.getuid && process.getgid ? `${process.getuid()}:${process.getgid()}` : undefined

async function containerOf(world: World, step: StepStart, image: Digest): Promise<GroupSpec> {
  const { env, secrets } = await splitSecrets(world, step.env)
  const user = thisUser()
  return {
    containers: [
      {
        name: 'step',
        image,
        ...inShell(step.run),
        env: { HOME: '/tmp', ...env },
        secrets,
        mounts: [{ from: world.jobFolder(step.cwdKey), to: workInside, writable: true }],
        workFolder: workInside,
        ...(user === undefined ? {} : { user }),
        writable: true,
        capabilities: [],
        essential: true,
      },
    ],
    secrets: Object.values(secrets),
    ...limitsOf(step),
  }
}

/** What is to be started for one try of a step: a process, or a container with the job's working directory. */
export const commandOfStep = (world: World, step: StepStart): Promise<CommandSpec | GroupSpec> =>
  step.image === undefined ? processOf(world, step) : containerOf(world, step, step.image)
