import type { StartSpec } from '../../fleet/index.ts'
import type { Digest } from '../../kernel/index.ts'

export type DeploymentKind = 'deploy' | 'promote' | 'rollback'

/** All that a deployment needs to know, as configured when it was asked for. */
export type DeploymentSettings = {
  readonly instances: number
  readonly surge: number
  readonly bakeMs: number
  readonly gates: readonly string[]
  readonly port: number
  readonly requestTimeoutMs: number
  readonly start: StartSpec
}

/** A wish to bring a release into an environment. The same name arriving twice is one order. */
export type DeploymentOrder = {
  readonly name: string
  readonly kind: DeploymentKind
  readonly release: Digest
  readonly actor: string
  readonly reason: string
  readonly settings: DeploymentSettings
}
