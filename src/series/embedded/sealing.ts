import { slotEnd } from '../chunk/grid.ts'
import { encodeRollUp, hoursOf, rollUp } from '../chunk/roll-up.ts'
import type { Samples } from '../query/samples.ts'
import type { Entry } from './catalog.ts'
import type { Days, Stored } from './days.ts'
import { packChunk, seal, squeeze } from './pack.ts'
import { append, type OnDamage, storedSeries } from './stored.ts'

/** How long after the end of two hours a series may still say something of them without their being written again. */
const graceMs = 5 * 60_000

/** With fewer samples than a few for each part, reading all of them is as quick as reading roll-ups. */
const fewSamples = 240

/** The rows of two hours of a series. */
export function rowsOf(samples: Samples, slot: number): Stored {
  const minutes = rollUp(samples, slot)
  const row = packChunk(samples)
  const hours = seal(squeeze(encodeRollUp(hoursOf(minutes), slot)))
  if (samples.times.length < fewSamples) return { row, hours }
  return { row, hours, minutes: seal(squeeze(encodeRollUp(minutes, slot))) }
}

type Sealing = {
  readonly entries: Iterable<Entry>
  readonly days: Days
  /** The newest time of all series: how late it is. */
  readonly newest: number
  readonly atMost: number
  readonly onDamage: OnDamage
  /** Told of each series once its row is written: its newest sample in one. */
  readonly onSealed: (entry: Entry, until: number) => void
}

type Due = { readonly entry: Entry; readonly slot: number }

/** Two hours that are over. */
function dueOf({ entries, newest, atMost }: Sealing): Due[] {
  const due: Due[] = []
  for (const entry of entries) {
    for (const slot of entry.head?.slots() ?? [])
      if (slotEnd(slot) + graceMs < newest) due.push({ entry, slot })
    if (due.length >= atMost) return due
  }
  return due
}

/** What the row of two hours is to have: what it has, and what was said since. */
const wholeOf = ({ entry, slot }: Due, { days, onDamage }: Sealing): Samples | undefined => {
  const [sealed] = storedSeries({ ...entry, head: undefined }, days, onDamage).samples(
    slotEnd(slot - 1),
    slotEnd(slot),
  )
  return append(sealed, entry.head?.samples(slot))
}

/**
 * Writes two hours that are over into their day, of some series. Doing it again changes nothing: a process that ends in
 * between leaves both the row and what was written ahead, and the next one writes the same row.
 * @returns how many
 */
export function sealSome(sealing: Sealing): number {
  const due = dueOf(sealing)
  for (const [slot, its] of Map.groupBy(due, (one) => one.slot)) {
    const rows = its.flatMap((one) => {
      const samples = wholeOf(one, sealing)
      return samples ? [{ series: one.entry.id, samples, ...rowsOf(samples, slot) }] : []
    })
    sealing.days.put(slot, rows)
    its.forEach(({ entry }, i) => {
      sealing.onSealed(entry, rows[i]?.samples.times.at(-1) ?? -Infinity)
      entry.head?.forget(slot)
    })
  }
  return due.length
}
