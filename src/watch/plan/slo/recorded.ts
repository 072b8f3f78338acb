import type { Instant } from '../../../kernel/index.ts'
import { keyOf, type Points } from '../../../series/index.ts'
import type { Counts, WindowCounts } from './counts.ts'
import { countedWindows, coverageOf } from './windows.ts'

/** Events of a stretch of time, in equal parts: part i is after from + i · partMs and until from + (i + 1) · partMs. */
export type Recorded = {
  readonly from: Instant
  readonly partMs: number
  readonly total: Float64Array
  readonly bad: Float64Array
  /** 1 where something is known. */
  readonly known: Uint8Array
}

/** Between samples that are farther apart nobody looked: what was counted meanwhile happened some time in between. */
const gapMs = 300_000

type Span = { readonly from: Instant; readonly partMs: number; readonly parts: number }
type Last = { at: Instant; value: number }

const partOf = ({ from, partMs }: Span, at: Instant): number => Math.ceil((at - from) / partMs) - 1

/** Adds to the parts after `since` and until `at`: to the last of them, or to all of a gap alike. */
function add(into: Float64Array, span: Span, since: Instant, at: Instant, growth: number): void {
  const last = partOf(span, at)
  const first = at - since > gapMs ? partOf(span, since) + 1 : last
  for (let part = Math.max(0, first); part <= Math.min(last, span.parts - 1); part++)
    into[part] = (into[part] ?? 0) + growth / (last - first + 1)
}

/** Marks what lies between two looks as known. */
function mark(known: Uint8Array, span: Span, since: Instant, at: Instant): void {
  if (at - since > gapMs) return
  known.fill(1, Math.max(0, partOf(span, since) + 1), Math.max(0, partOf(span, at) + 1))
}

/** What two samples of a series that follow each other add. */
export type Adds = (before: number, value: number) => number

/** Of a counter, its growth. One that is lower has begun again, from zero. */
export const growthOf: Adds = (before, value) => (value >= before ? value - before : value)

/** What samples of one kind add up to, part by part; takes them piece by piece, each series oldest first. */
export function createTally(from: Instant, to: Instant, partMs: number, adds: Adds = growthOf) {
  const span: Span = { from, partMs, parts: Math.ceil((to - from) / partMs) }
  const growth = new Float64Array(span.parts)
  const known = new Uint8Array(span.parts)
  const lasts = new Map<string, Last>()
  return {
    growth,
    known,
    take(all: readonly Points[]): void {
      for (const { name, labels, times, values } of all) {
        const key = `${name}${keyOf(labels)}`
        let last = lasts.get(key)
        for (let i = 0; i < times.length; i++) {
          const [at, value] = [times[i] as number, values[i] as number]
          if (last) {
            add(growth, span, last.at, at, adds(last.value, value))
            mark(known, span, last.at, at)
            ;[last.at, last.value] = [at, value]
          } else last = { at, value }
        }
        if (last) lasts.set(key, last)
      }
    },
  }
}

const sums = (values: Float64Array | Uint8Array): Float64Array => {
  const all = new Float64Array(values.length + 1)
  for (let i = 0; i < values.length; i++) all[i + 1] = (all[i] as number) + (values[i] as number)
  return all
}

/** What the windows of an objective that end at a moment count. Of what is before the record nothing is known. */
export function historyOf(
  { from, partMs, total, bad, known }: Recorded,
  periodMs: number,
): (at: Instant) => WindowCounts {
  const windows = new Map(countedWindows(periodMs).map((one) => [one.lengthMs, one]))
  const [totals, bads, knowns] = [sums(total), sums(bad), sums(known)]
  const last = total.length
  return (at) => {
    const end = Math.max(0, Math.min(last, Math.floor((at - from) / partMs)))
    return (lengthMs): Counts => {
      const begin = Math.max(0, Math.floor((at - from - lengthMs) / partMs))
      const between = (all: Float64Array): number => (all[end] ?? 0) - (all[Math.min(begin, end)] ?? 0)
      const all = between(totals)
      return {
        total: all,
        bad: Math.min(all, Math.max(0, between(bads))),
        coverage: coverageOf(windows.get(lengthMs) ?? { lengthMs, partMs }, between(knowns) * partMs),
      }
    }
  }
}

/** Share of a stretch of time of which anything is known. */
export function knownIn({ from, partMs, known }: Recorded, since: Instant, to: Instant): number {
  const parts = known.subarray(
    Math.max(0, Math.floor((since - from) / partMs)),
    Math.floor((to - from) / partMs),
  )
  return parts.length === 0 ? 0 : parts.reduce((sum, one) => sum + one, 0) / parts.length
}

export type Gap = { readonly from: Instant; readonly to: Instant }

/** Where nothing is known, for longer than five minutes; the longest first. */
export function gapsIn({ from, partMs, known }: Recorded, since: Instant, to: Instant): readonly Gap[] {
  const gaps: Gap[] = []
  const begin = Math.max(0, Math.floor((since - from) / partMs))
  const end = Math.min(known.length, Math.floor((to - from) / partMs))
  for (let part = begin; part < end; part++) {
    if (known[part]) continue
    const next = known.indexOf(1, part)
    const until = next < 0 || next > end ? end : next
    gaps.push({ from: from + part * partMs, to: from + until * partMs })
    part = until
  }
  return gaps.filter((gap) => gap.to - gap.from > gapMs).toSorted((a, b) => b.to - b.from - (a.to - a.from))
}
