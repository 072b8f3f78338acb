import type { DeploymentSettings } from '../order.ts'

/** How an environment follows another one. */
export type InStep = {
  /** The environment that it follows. */
  readonly with: string
  /** Its share of the instances there. */
  readonly size: number
  /** What differs all the same → why. */
  readonly differs: Readonly<Record<string, string>>
}

/** Rounded to the nearest whole number, and at least one. */
export const sizeInStep = (instances: number, { size }: Pick<InStep, 'size'>): number =>
  Math.max(1, Math.round(instances * size))

type Env = DeploymentSettings['start']['env']

/** The variables there, but those that are declared to differ as they are here, or not at all. */
function envInStep(there: Env, here: Env, { differs }: InStep): Env {
  const isOwn = (name: string) => `env.${name}` in differs
  const kept = Object.entries(there).filter(([name]) => !isOwn(name))
  return Object.fromEntries([...kept, ...Object.entries(here).filter(([name]) => isOwn(name))])
}

/**
 * How a release is brought into an environment in step: as it was brought into the one that it follows, at its own size,
 * address and pace.
 * @param there how it was brought there
 * @param here what the environment says itself
 * @param dataFolder where data that outlive releases would be
 */
export function settingsInStep(
  there: DeploymentSettings,
  here: DeploymentSettings,
  inStep: InStep,
  dataFolder: string,
): DeploymentSettings {
  const { dataFolder: _, limits: common, ...start } = there.start
  const limits = 'limits' in inStep.differs ? here.start.limits : common
  const keepsData = ('data' in inStep.differs ? here : there).start.dataFolder !== undefined
  const { strategy, bakeMs, gates, waiting, port, wake } = here
  return {
    ...there,
    ...{ strategy, bakeMs, gates, port, instances: sizeInStep(there.instances, inStep) },
    ...(waiting === undefined ? {} : { waiting }),
    ...(wake === undefined ? {} : { wake }),
    ...('requestTimeout' in inStep.differs ? { requestTimeoutMs: here.requestTimeoutMs } : {}),
    ...('gateway' in inStep.differs && here.gateway ? { gateway: here.gateway } : {}),
    start: {
      ...start,
      env: envInStep(there.start.env, here.start.env, inStep),
      ...(limits ? { limits } : {}),
      ...(keepsData ? { dataFolder } : {}),
    },
  }
}
