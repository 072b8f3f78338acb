import type { Instant } from '../../../kernel/index.ts'
import type { Reading } from '../../../series/index.ts'
import { isIll } from '../../plan/heartbeats/heartbeat.ts'
import type { HeartbeatState } from '../../plan/heartbeats/state.ts'
import { labelsOf, type Watched } from './watched.ts'

/** How jobs stand, as readings. What is not known is not said. */
export const beatReadings = (
  of: Pick<Watched, 'service' | 'environment'>,
  states: readonly HeartbeatState[],
  at: Instant,
): readonly Reading[] =>
  states.flatMap(({ name, standing, succeededAt, last, runs }) => {
    const reading = (
      metric: string,
      value: number,
      more: Readonly<Record<string, string>> = {},
    ): Reading => ({
      name: metric,
      labels: labelsOf(of, { plimsoll_heartbeat: name, ...more }),
      at,
      value,
    })
    return [
      ...(standing === 'unknown' || standing === 'waiting'
        ? []
        : [reading('plimsoll_heartbeat_ok', isIll(standing) ? 0 : 1)]),
      ...(succeededAt === undefined
        ? []
        : [reading('plimsoll_heartbeat_last_success_timestamp_seconds', succeededAt / 1_000)]),
      ...(last?.startedAt === undefined
        ? []
        : [reading('plimsoll_heartbeat_duration_seconds', (last.endedAt - last.startedAt) / 1_000)]),
      ...Object.entries(runs).map(([outcome, count]) =>
        reading('plimsoll_heartbeat_runs_total', count, { outcome }),
      ),
    ]
  })
