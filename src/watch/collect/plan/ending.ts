import type { Instant } from '../../../kernel/index.ts'
import { type Labels, type Reading, staleMarker } from '../../../series/index.ts'

/** The series that a source told with its last look, by what tells them apart. */
export type Told = ReadonlyMap<string, Pick<Reading, 'name' | 'labels'>>

const idOf = (name: string, labels: Labels): string => JSON.stringify([name, Object.entries(labels).sort()])

/** What a look told. One that names its own time is not followed: it may stop and go on without having ended. */
export const toldIn = (readings: readonly Reading[], at: Instant): Told =>
  new Map(
    readings.flatMap((one) =>
      one.at === at && one.value !== staleMarker ? [[idOf(one.name, one.labels), one] as const] : [],
    ),
  )

/** Marks the end of what was told before and is not any more, so that nobody takes its last value for the present one. */
export function endings(before: Told, now: Told, at: Instant): readonly Reading[] {
  return [...before].flatMap(([id, { name, labels }]) =>
    now.has(id) ? [] : [{ name, labels, at, value: staleMarker }],
  )
}
