import { earliestAt, isZone, type LocalTime, latestAt, localAt } from '../../kernel/index.ts'

export { earliestAt, isZone, type LocalTime, latestAt, localAt }

const shape = /^([+-])?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/
const unitsMs = [7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000]

/** `PT8H`, `P3D`: milliseconds; undefined when it is none. */
export function readDuration(text: string): number | undefined {
  const found = shape.exec(text.trim())
  if (!found || found[1] === '-') return undefined
  return unitsMs.reduce((sum, unitMs, i) => sum + unitMs * Number(found[i + 2] ?? 0), 0)
}

/** As if it were UTC: to reckon with clocks on the wall. */
export const wallMs = ({ year, month, day, hour, minute }: LocalTime): number =>
  Date.UTC(year, month - 1, day, hour, minute)

export function wallTime(ms: number): LocalTime {
  const date = new Date(ms)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  }
}
