import type { Digest } from '../../kernel/index.ts'
import type { DeploymentState } from './state.ts'

/** The release whose migration ran last in an environment; not whole when nobody can say that it ended well. */
export type Schema = { readonly release: Digest; readonly whole: boolean }

/** What a deployment has done to the schema; undefined when it did not touch it. */
export function schemaLeft({ stages, rail, release }: DeploymentState): Schema | undefined {
  const at = stages.findIndex(({ task }) => task === 'migrate')
  const done = rail[at]
  return done && { release, whole: done.endedAt !== undefined && done.turnedAs === undefined }
}
