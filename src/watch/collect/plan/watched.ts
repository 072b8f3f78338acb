import type { Labels } from '../../../series/index.ts'
import type { AccessConfig } from '../../access/config.ts'
import type { ProbeConfig } from '../../probes/config.ts'

import type { PrometheusQuestions } from './prometheus.ts'

/** A service in an environment, or somewhere else where it is only watched: what there is to look at. */
export type Watched = {
  readonly service: string
  readonly environment: string
  readonly intervalMs: number
  /** A scrape that tells more series than this is refused. */
  readonly mostSamples: number
  /** Of its latency objectives: each is an edge of the histogram of its gateway. */
  readonly belowMs: readonly number[]
  /** Whether Plimsoll's gateway counts its requests; by this name. */
  readonly gateway?: string
  /** Where it takes requests: probes that have a path only are asked there. */
  readonly address?: string
  readonly targets: readonly Target[]
  /** The team's own knows how its requests are answered. */
  readonly prometheus?: { readonly url: string; readonly access: AccessConfig } & PrometheusQuestions
  readonly instances: readonly WatchedInstance[]
  readonly probes: readonly ProbeConfig[]
  /** It has jobs that tell when they run. */
  readonly hasHeartbeats?: boolean
}

/** Where metrics are told. */
export type Target = {
  /** What the label `instance` says. */
  readonly instance: string
  readonly url: string
  readonly access?: AccessConfig
  /** Short name of its release, when Plimsoll started it. */
  readonly version?: string
}

/** A process group, or a group of containers, that Plimsoll started. */
export type WatchedInstance = {
  readonly instance: string
  readonly version: string
  readonly fleet: string
  /** So many times it had to be started again. */
  readonly restarts: number
  /** In the processes before this one: how often the kernel ended any for want of memory, by container. */
  readonly kills?: Readonly<Record<string, number>>
  /** Of the job that it is. */
  readonly key: string
}

/** What every reading of it has. */
export const labelsOf = (
  { service, environment }: Pick<Watched, 'service' | 'environment'>,
  more: Readonly<Record<string, string | undefined>> = {},
): Labels => ({
  service_name: service,
  deployment_environment_name: environment,
  ...Object.fromEntries(
    Object.entries(more).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ),
})
