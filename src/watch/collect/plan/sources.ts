import type { ProbeConfig } from '../../probes/config.ts'
import type { Source } from './rounds.ts'
import type { Target, Watched } from './watched.ts'

/** One thing that is looked at, and of what. */
export type CollectSource = Source & { readonly of: Watched } & (
    | { readonly kind: 'gateway'; readonly gateway: string }
    | { readonly kind: 'target'; readonly target: Target }
    | { readonly kind: 'instances' }
    | { readonly kind: 'probe'; readonly probe: ProbeConfig }
    | { readonly kind: 'heartbeats' }
    | { readonly kind: 'prometheus'; readonly prometheus: NonNullable<Watched['prometheus']> }
  )

/** Everything that is to be looked at, of all that there is to watch. */
export const sourcesOf = (all: readonly Watched[]): readonly CollectSource[] =>
  all.flatMap((of): CollectSource[] => {
    const { service, environment, intervalMs } = of
    const base = (...rest: string[]) => ({ id: [service, environment, ...rest].join('/'), intervalMs, of })
    return [
      ...(of.gateway === undefined
        ? []
        : [{ ...base('gateway'), kind: 'gateway' as const, gateway: of.gateway }]),
      ...(of.instances.length === 0 ? [] : [{ ...base('instances'), kind: 'instances' as const }]),
      ...(of.hasHeartbeats ? [{ ...base('heartbeats'), kind: 'heartbeats' as const }] : []),
      ...(of.prometheus
        ? [{ ...base('prometheus'), kind: 'prometheus' as const, prometheus: of.prometheus }]
        : []),
      ...of.targets.map((target) => ({ ...base('target', target.url), kind: 'target' as const, target })),
      ...of.probes.map((probe) => ({
        ...base('probe', probe.name),
        intervalMs: probe.every ?? intervalMs,
        kind: 'probe' as const,
        probe,
      })),
    ]
  })
