import { join } from 'node:path'
import { PlimsollError } from '../../kernel/errors.ts'
import type { Instant } from '../../kernel/index.ts'
import { instantOf, rangeOf } from '../answers.ts'
import { joined } from '../chunk/chunk.ts'
import { dayName, dayOf, slotBegin, slotOf } from '../chunk/grid.ts'
import type { Source } from '../query/evaluate.ts'
import type { Query } from '../query/query.ts'
import { alive } from '../query/samples.ts'
import { type Matcher, nameLabel, type Points, withoutName } from '../series.ts'
import type { Answer, Appended } from '../store.ts'
import { createBatch, createUnwritten, replay } from './ahead.ts'
import { forgetOldest } from './bounds.ts'
import { catalogTables, type Entry, openCatalog } from './catalog.ts'
import { openFile } from './database.ts'
import { openDays } from './days.ts'
import { sealSome } from './sealing.ts'
import { type OnDamage, type Stored, storedSeries } from './stored.ts'

export type EngineOptions = {
  readonly folder: string
  /** Readings of further series are left out and counted. */
  readonly mostSeries: number
  /** Days before the newest one that are kept. */
  readonly keepDays: number
  /** Of memory that what cannot be written may take; then what is oldest is dropped and counted. */
  readonly mostUnwrittenBytes: number
  readonly tell: (problem: PlimsollError) => void
}

/** Readings in memory that can be handed over: of each the number of its series, its time, its value. */
export type Readings = {
  readonly refs: Uint32Array
  readonly times: Float64Array
  /** Of the values' memory: high and low word by turns. */
  readonly words: Uint32Array
  /** The keys of series that have a number for the first time. */
  readonly fresh: readonly (readonly [ref: number, key: string])[]
}

/** `since`: the time of the newest sample when it began. */
type Failing = { readonly since: Instant; readonly because: string }

export type Status = {
  /** That have said something lately, and may be so many at most. */
  readonly series: number
  readonly mostSeries: number
  /** That have samples. */
  readonly known: number
  /** Since the store was opened. */
  readonly appended: Appended
  /** Rows that could not be read. */
  readonly damaged: number
  /** Why it cannot write, and how many samples would be lost with this process. */
  readonly failing: (Failing & { readonly unwritten: number }) | undefined
  /** Samples that were dropped since the store was opened, because there was no room for them anywhere. */
  readonly dropped: number
  readonly oldestDay: string | undefined
}

const tables = `${catalogTables};
  CREATE TABLE IF NOT EXISTS ahead (seq INTEGER PRIMARY KEY, newest_slot INTEGER NOT NULL, blob BLOB NOT NULL)`

/** Series that are sealed in one turn: more would keep readers waiting. */
const sealAtOnce = 500

type Count = { -readonly [K in keyof Appended]: number }
const noCount = (): Count => ({ taken: 0, outOfOrder: 0, duplicate: 0, beyondLimit: 0 })

/** The store on a folder: everything at once, so for a thread of its own. */
export type Engine = ReturnType<typeof openEngine>

/** @throws PLM_STORE_HELD when another process has the folder */
export function openEngine({ folder, mostSeries, keepDays, mostUnwrittenBytes, tell }: EngineOptions) {
  const db = openFile(join(folder, 'head.db'), tables, 1_024)
  const days = openDays(folder)
  const catalog = openCatalog(db)
  const batch = createBatch(slotOf)
  const putAhead = db.prepare('INSERT INTO ahead (newest_slot, blob) VALUES (?, ?)')
  const dropAhead = db.prepare('DELETE FROM ahead WHERE newest_slot < ?')
  const refs: (Entry | string)[] = []
  const total = noCount()
  const damaged = new Set<string>()
  const unwritten = createUnwritten()
  const failing: { ahead?: Failing | undefined; sealing?: Failing | undefined } = {}
  let dropped = 0
  let live = 0
  let newest = -Infinity
  let toldOfLimit = -Infinity

  const onDamage: OnDamage = (entry, slot, because) => {
    const place = `${entry.id}/${slot}`
    if (damaged.has(place)) return
    damaged.add(place)
    const from = new Date(slotBegin(slot)).toISOString().slice(0, 16)
    tell(
      new PlimsollError(
        'PLM_SERIES_DAMAGED',
        `${dayName(dayOf(slot))}.db: two hours from ${from} of ${entry.key}: the row ${because.message}.`,
        { cause: because },
      ),
    )
  }

  function wake(entry: Entry) {
    if (!entry.head) live++
    return catalog.headOf(entry)
  }

  /** Takes what a process before this one has not sealed. A row that is damaged is told, the others are taken. */
  function recover(): void {
    for (const { seq, blob } of db.prepare('SELECT seq, blob FROM ahead ORDER BY seq').iterate())
      try {
        replay(blob as Uint8Array, (id, at, high, low) => {
          const entry = catalog.byId(id)
          if (entry && wake(entry).push(at, high, low) === 'taken') newest = Math.max(newest, at)
        })
      } catch (error) {
        const text = `head.db: row ${seq} of what was written ahead: ${(error as Error).message}.`
        tell(new PlimsollError('PLM_SERIES_DAMAGED', text, { cause: error }))
      }
  }
  recover()

  function refuse(key: string): undefined {
    if (slotOf(newest) <= toldOfLimit) return undefined
    toldOfLimit = slotOf(newest)
    tell(new PlimsollError('PLM_SERIES_LIMIT', `${live} series are live, the first one beyond is ${key}.`))
    return undefined
  }

  /** The series of a number; undefined when it is one too many. */
  function entryOf(ref: number): Entry | undefined {
    const known = refs[ref]
    if (known === undefined) throw new Error(`${ref} is the number of no series`)
    const there = typeof known === 'string' ? catalog.get(known) : known
    if (there?.head) {
      refs[ref] = there
      return there
    }
    const key = typeof known === 'string' ? known : known.key
    if (live >= mostSeries) return refuse(key)
    // A series that was forgotten meanwhile is a new one.
    const entry = catalog.get(key) ?? catalog.add(key)
    refs[ref] = entry
    return entry
  }

  function append({ refs: its, times, words, fresh }: Readings): Appended {
    const count = noCount()
    for (const [ref, key] of fresh) refs[ref] = key
    its.forEach((ref, i) => {
      const entry = entryOf(ref)
      if (!entry) {
        count.beyondLimit++
        return
      }
      const [at, high, low] = [times[i] as number, words[2 * i] as number, words[2 * i + 1] as number]
      const became = wake(entry).push(at, high, low)
      if (became === 'same') return
      count[became]++
      if (became !== 'taken') return
      batch.add(entry.id, at, high, low)
      newest = Math.max(newest, at)
    })
    for (const key of Object.keys(count) as (keyof Count)[]) total[key] += count[key]
    return count
  }

  /** What cannot be written now is kept for the next time, as far as there is room. */
  function writing<T>(what: keyof typeof failing, write: () => T): T {
    try {
      const done = write()
      failing[what] = undefined
      return done
    } catch (error) {
      failing[what] ??= { since: newest, because: (error as Error).message }
      dropped += forgetOldest({ entries: catalog.all(), unwritten, mostBytes: mostUnwrittenBytes })
      const text = `${(error as Error).message}: ${unwritten.samples} samples are in memory alone, ${dropped} were dropped.`
      throw new PlimsollError('PLM_SERIES_UNWRITTEN', text, { cause: error })
    }
  }

  /** @throws PLM_SERIES_UNWRITTEN: what was not written is written with the next */
  function saveAhead(): void {
    if (batch.size > 0) unwritten.add({ slot: batch.newestSlot, samples: batch.size, bytes: batch.take() })
    if (unwritten.all().length === 0) return
    writing('ahead', () =>
      catalog.commit(() => {
        for (const { slot, bytes } of unwritten.all()) putAhead.run(slot, bytes)
      }),
    )
    unwritten.clear()
  }

  /** Lets go of series that have nothing left here, and of rows that others have replaced. */
  function tidy(): void {
    let oldest = slotOf(newest)
    for (const entry of catalog.all()) {
      const first = entry.head?.slots()[0]
      if (first !== undefined) oldest = Math.min(oldest, first)
      else if (entry.head && slotOf(entry.head.newest()) < slotOf(newest)) {
        entry.head = undefined
        live--
      }
    }
    dropAhead.run(oldest)
    const firstKept = dayOf(slotOf(newest)) - keepDays
    const old = days.all().filter((day) => day < firstKept)
    for (const day of old) days.remove(day)
    if (old.length > 0) catalog.forgetBefore(firstKept * 86_400_000)
  }

  /** @returns true when there is more to be sealed */
  function sealMore(): boolean {
    return writing('sealing', () => {
      const onSealed = catalog.sealed
      const sealed = sealSome({
        entries: catalog.all(),
        days,
        newest,
        atMost: sealAtOnce,
        onDamage,
        onSealed,
      })
      if (sealed === 0) return false
      catalog.commit()
      tidy()
      return sealed >= sealAtOnce
    })
  }

  const storedOf = (entry: Entry): Stored => storedSeries(entry, days, onDamage)
  const source: Source = { find: (matchers) => catalog.find(matchers).map(storedOf) }

  function select(matchers: readonly Matcher[], from: Instant, to: Instant): Points[] {
    return catalog.find(matchers).flatMap((entry) => {
      const parts = storedOf(entry).samples(from, to)
      if (parts.length === 0) return []
      const whole = joined(parts)
      const said = alive(whole, 0, whole.times.length)
      const { labels } = entry
      return said.times.length > 0
        ? [{ name: labels[nameLabel] ?? '', labels: withoutName(labels), ...said }]
        : []
    })
  }

  return {
    append,
    select,
    instant: (query: Query, at: Instant): Answer[] => instantOf(source, query, at),
    range: (query: Query, from: Instant, to: Instant, stepMs: number): Points[] =>
      rangeOf(source, query, from, to, stepMs),
    flush: saveAhead,
    sealMore,
    status: (): Status => {
      const [oldest] = days.all()
      const why = failing.ahead ?? failing.sealing
      return {
        series: live,
        mostSeries,
        known: catalog.size,
        appended: { ...total },
        damaged: damaged.size,
        failing: why && { ...why, unwritten: unwritten.samples },
        dropped,
        oldestDay: oldest === undefined ? undefined : dayName(oldest),
      }
    },
    /** @throws PLM_SERIES_UNWRITTEN when it is closed all the same, and what could not be written is lost */
    close() {
      try {
        saveAhead()
      } finally {
        days.close()
        db.close()
      }
    },
  }
}
