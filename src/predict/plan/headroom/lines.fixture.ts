import type { Evidence, InstanceSize, InstanceUse, Instant } from '../../../kernel/index.ts'
import { absoluteLineKind } from './lines.ts'

export type LineGiven = {
  readonly at?: Instant
  readonly environment?: string
  readonly instances?: number
  readonly doubts?: readonly string[]
  readonly inStepWith?: string
  readonly verdict?: 'found' | 'atLeast' | 'below' | 'inconclusive'
  readonly rate?: number | null
  /** Half of the interval; none when not given. */
  readonly within?: number
  readonly about?: string
  readonly size?: InstanceSize
  readonly used?: InstanceUse
}

/** Of one container. */
export const sizeOf = (cpus: number, gib: number): InstanceSize => ({
  is: 'containers',
  containers: { app: { cpus, memoryBytes: gib * 2 ** 30, essential: true } },
})

let count = 0

/** Evidence of a load line, as a load test of an environment in step keeps it. */
export function lineEvidence({
  at = 0,
  environment = 'perf',
  instances = 2,
  doubts = [],
  inStepWith = 'production',
  verdict = 'found',
  rate = 100,
  within,
  about = 'b'.repeat(64),
  size,
  used,
}: LineGiven = {}): Evidence {
  count++
  return {
    id: `sha256:${String(count).padStart(64, '0')}`,
    kind: absoluteLineKind,
    at,
    about: { release: `sha256:${about}`, environment: `payments.${environment}` },
    body: {
      counts: doubts.length === 0,
      doubts: [...doubts],
      place: {
        environment: `payments.${environment}`,
        inStepWith,
        instances,
        ...(size ? { size: { asked: size, applied: size } } : {}),
        ...(used ? { used } : {}),
      },
      result: {
        verdict,
        reasons: verdict === 'inconclusive' ? ['it was too noisy'] : [],
        ratePerSecond: rate,
        interval: within === undefined || rate === null ? null : { low: rate - within, high: rate + within },
      },
    },
  }
}
