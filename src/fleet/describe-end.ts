import type { CommandEnd } from '../host/index.ts'
import { formatDuration } from '../kernel/index.ts'

/** How a command ended, for people: `exited with 3 after 2 s`. */
export function describeEnd(end: CommandEnd): string {
  if (end.why === 'couldNotStart') return `could not start: ${end.error ?? 'unknown'}`
  const how = end.note ?? (end.signal ? `ended by ${end.signal}` : `exited with ${end.exit}`)
  return `${how} after ${formatDuration(end.endedAt - end.startedAt)}`
}
