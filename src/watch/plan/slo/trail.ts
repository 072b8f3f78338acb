import type { Instant } from '../../../kernel/index.ts'
import type { Counts, WindowCounts } from './counts.ts'
import { countedWindows, coverageOf } from './windows.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** How far apart points may be that are so old: a window's end that falls between two is put where it would be. */
const grain = [
  { olderMs: 74 * hourMs, apartMs: hourMs },
  { olderMs: 2.5 * hourMs, apartMs: 5 * minuteMs },
  { olderMs: 15 * minuteMs, apartMs: minuteMs },
] as const

/** As many points as are kept without being looked through. */
const mostPoints = 3_000

/** Up to a moment: events, those of them that were bad, and for how many milliseconds anything is known. */
type Point = { readonly at: Instant; readonly total: number; readonly bad: number; readonly known: number }

/** What happened since the point before. */
export type Step = Point

/** The last point not after a moment; -1: there is none. */
function placeOf(points: readonly Point[], at: Instant): number {
  let [low, high] = [0, points.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle] as Point).at <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}

const between = (a: number, b: number, share: number): number => a + (b - a) * share

function pointAt(points: readonly Point[], at: Instant): Point {
  const place = placeOf(points, at)
  const [before, behind] = [points[place], points[place + 1]]
  if (!before || !behind) return { ...(before ?? behind ?? { total: 0, bad: 0, known: 0 }), at }
  const share = (at - before.at) / (behind.at - before.at)
  return {
    at,
    total: between(before.total, behind.total, share),
    bad: between(before.bad, behind.bad, share),
    known: between(before.known, behind.known, share),
  }
}

/** Leaves out what is too old, and what nobody needs so exactly any more. */
function thinned(points: readonly Point[], now: Instant, periodMs: number): Point[] {
  const kept: Point[] = []
  const first = Math.max(0, placeOf(points, now - periodMs - hourMs))
  points.slice(first).forEach((point, i, all) => {
    const apartMs = grain.find(({ olderMs }) => now - point.at > olderMs)?.apartMs ?? 0
    const last = kept.at(-1)
    // Of a step that stands alone, both ends stay: between them nothing is known.
    const isFar = last === undefined || (all[i + 1]?.at ?? now) - last.at > apartMs
    if (isFar || i === all.length - 1) kept.push(point)
  })
  return kept
}

/** What has happened up to now, as exactly as the windows of an objective need it: steps are added as they are seen. */
export function createTrail(begin: Instant, periodMs: number) {
  let points: Point[] = [{ at: begin, total: 0, bad: 0, known: 0 }]
  const windows = countedWindows(periodMs)
  return {
    /** Steps are given in the order of their times. One at the time of the last is added to it. */
    add({ at, total, bad, known }: Step): void {
      const last = points.at(-1) as Point
      if (at <= last.at) points.pop()
      points.push({
        at: Math.max(at, last.at),
        total: last.total + total,
        bad: last.bad + bad,
        known: last.known + known,
      })
      if (points.length > mostPoints) points = thinned(points, at, periodMs)
    },
    countsAt(at: Instant): WindowCounts {
      const end = pointAt(points, at)
      const counted = windows.map((window): readonly [number, Counts] => {
        const from = pointAt(points, at - window.lengthMs)
        const total = end.total - from.total
        return [
          window.lengthMs,
          {
            total,
            // Counters that are read apart may be a scrape apart.
            bad: Math.min(total, Math.max(0, end.bad - from.bad)),
            coverage: coverageOf(window, end.known - from.known),
          },
        ]
      })
      const byLength = new Map(counted)
      return (lengthMs) => byLength.get(lengthMs) ?? { bad: 0, total: 0, coverage: 0 }
    },
  }
}

export type Trail = ReturnType<typeof createTrail>
