import type { Variables } from '../kernel/index.ts'
import type { ServiceConfig } from './schema.ts'

/**
 * The configuration that a change is treated by. How it is built, started and packed, and how it changes the data,
 * comes from the change itself; everything that guards production — environments with their gates, sizes and secrets, SLOs, the name
 * of the service and of the protected branch — comes from the protected branch, so that no change can wave
 * itself through.
 */
export const guardWith = (change: ServiceConfig, guard: ServiceConfig): ServiceConfig => ({
  ...guard,
  start: change.start,
  containers: change.containers,
  pipeline: change.pipeline,
  release: change.release,
  migrate: change.migrate && { ...change.migrate, env: guard.migrate?.env ?? {} },
})

const secretsOf = (variables: Variables): readonly string[] =>
  Object.values(variables).flatMap((value) => (typeof value === 'string' ? [] : [value.secret]))

const sortedOnce = (names: readonly string[]): readonly string[] => [...new Set(names)].toSorted()

/** Names of the secrets that a pipeline's jobs and steps ask for. */
export const secretsAsked = ({ pipeline }: ServiceConfig): readonly string[] =>
  sortedOnce(
    Object.values(pipeline).flatMap((job) => [
      ...secretsOf(job.env),
      ...job.steps.flatMap((step) => secretsOf(step.env)),
    ]),
  )

/**
 * Names of the secrets that a change's pipeline is given: on the protected branch those that it asks for,
 * anywhere else none at all, since whoever may push a branch could otherwise print them.
 */
export const secretsGranted = (change: ServiceConfig, onProtectedBranch: boolean): readonly string[] =>
  onProtectedBranch ? secretsAsked(change) : []
