import type { Instant } from '../../../kernel/index.ts'
import type { Reading } from '../../../series/index.ts'
import type { InstanceUse } from '../looks.ts'
import { labelsOf, type Watched, type WatchedInstance } from './watched.ts'

/** What an instance uses, as readings: the same for processes and for containers, whose own figures come with them. */
export function readingsOfUse(
  of: Pick<Watched, 'service' | 'environment'>,
  { instance, version, fleet, restarts, kills = {} }: Omit<WatchedInstance, 'key'>,
  { cpuMs, residentBytes, openFiles, containers = [] }: InstanceUse,
  at: Instant,
): readonly Reading[] {
  const labels = labelsOf(of, { service_version: version, plimsoll_fleet: fleet, instance })
  const reading = (name: string, value: number, container?: string): Reading => ({
    name,
    labels: container === undefined ? labels : { ...labels, container_name: container },
    at,
    value,
  })
  return [
    reading('process_cpu_time_seconds_total', cpuMs / 1_000),
    reading('process_memory_usage_bytes', residentBytes),
    ...(openFiles === undefined ? [] : [reading('process_open_file_descriptor_count', openFiles)]),
    reading('plimsoll_instance_restarts_total', restarts),
    ...containers.flatMap(({ name, memoryBytes, memoryLimitBytes, ...use }) => [
      reading('container_cpu_time_seconds_total', use.cpuMs / 1_000, name),
      reading('container_memory_usage_bytes', memoryBytes, name),
      ...(memoryLimitBytes === undefined
        ? []
        : [
            reading('container_memory_limit_bytes', memoryLimitBytes, name),
            reading('container_oom_events_total', (kills[name] ?? 0) + (use.kills ?? 0), name),
          ]),
    ]),
  ]
}
