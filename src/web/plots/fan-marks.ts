import { localAt } from '../../kernel/zone.ts'
import { inZone } from '../../kernel/zone-text.ts'
import type { Grain } from './fan-words.ts'
import { daysIn, monthsIn } from './zone.ts'

export type Mark = { readonly x: number; readonly text: string }

/** `Feb`; where a year begins, `Jan 2027`. */
function monthName(at: number, timeZone: string): string {
  const isFirst = localAt(timeZone, at).month === 1
  return inZone(isFirst ? 'monthAndYear' : 'month', timeZone).format(at)
}

/** Widths that names need, in sixteenths of a rem. */
const room: Readonly<Record<Grain, number>> = { weeks: 56, hours: 60 }

/** Beginnings of months below weeks, of days below hours, as many as there is room for. */
export function timeMarks(
  grain: Grain,
  { from, to, width }: { readonly from: number; readonly to: number; readonly width: number },
  timeZone: string,
  at: (time: number) => number,
): readonly Mark[] {
  const all = (grain === 'weeks' ? monthsIn : daysIn)(from, to, timeZone)
  const every = Math.max(1, Math.ceil((all.length * room[grain]) / width))
  const name = (time: number) =>
    grain === 'weeks' ? monthName(time, timeZone) : inZone('weekdayAlone', timeZone).format(time)
  return all.filter((_, i) => i % every === 0).map((time) => ({ x: at(time), text: name(time) }))
}

/** Room for a line of text. */
const lineHeight = 14

/**
 * Names beside the ends of lines: as near to their places as they can stand without touching.
 * @param ends from top to bottom
 */
export function spread<T extends { readonly y: number }>(ends: readonly T[], bottom: number): readonly T[] {
  const placed: T[] = []
  for (const one of ends.toSorted((a, b) => a.y - b.y))
    placed.push({ ...one, y: Math.max(one.y, (placed.at(-1)?.y ?? Number.NEGATIVE_INFINITY) + lineHeight) })
  let below = bottom + lineHeight
  for (let i = placed.length - 1; i >= 0; i--) {
    const one = placed[i] as T
    below = Math.min(one.y, below - lineHeight)
    placed[i] = { ...one, y: below }
  }
  return placed
}

type Day = { readonly at: number; readonly kind: string }

/** Of each kind of special day, the one that bears its name: the next one, or the last one that was. */
export function namedDays(days: readonly Day[], now: number): readonly Day[] {
  const kinds = [...new Set(days.map(({ kind }) => kind))]
  return kinds.flatMap((kind) => {
    const all = days.filter((one) => one.kind === kind)
    return all.find(({ at }) => at >= now) ?? all.at(-1) ?? []
  })
}
