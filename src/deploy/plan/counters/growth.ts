import type { Blind, OwnCounter } from '../judge/index.ts'
import type { Reading, Scrape } from './scrape.ts'
import { badName, type CounterSettings } from './settings.ts'

type Counted = { readonly of: number; readonly among: number }

/** What an instance had counted when it was last read. */
type Mark = Pick<Scrape, 'process' | 'since'> & { readonly counted: Readonly<Record<string, Counted>> }

type BySide = { readonly canary: OwnCounter; readonly live: OwnCounter }

/** How far the team's counters have been read. */
export type CountersRead = {
  readonly marks: Readonly<Record<string, Mark>>
  /** Bad ones whose whole has not been counted yet: what is counted first is the service's affair. */
  readonly owed: Readonly<Record<string, { readonly canary: number; readonly live: number }>>
  /** Why a counter cannot be believed any more. */
  readonly lies: Readonly<Record<string, string>>
  /** What there is to say of an instance's answers, by instance. */
  readonly notes: Readonly<Record<string, string>>
}

export const noCounters: CountersRead = { marks: {}, owed: {}, lies: {}, notes: {} }

/** What has been counted since the last look, by the names of what is bad. */
export type Growth = {
  readonly read: CountersRead
  readonly counted: Readonly<Record<string, BySide>>
  readonly blind: Readonly<Record<string, Blind>>
}

type Grown =
  | { readonly is: 'grown'; readonly by: Counted }
  | { readonly is: 'lie' | 'unread'; readonly because: string }

const nothing: Counted = { of: 0, among: 0 }

/** The same process counts on; one that began anew counts from zero. */
const beganAnew = (mark: Mark, { process, since }: Scrape): boolean =>
  mark.process !== process || (mark.since !== undefined && since !== undefined && since > mark.since)

function grownAt(name: string, mark: Mark | undefined, scrape: Scrape, reading: Reading): Grown {
  if ('problem' in reading) return { is: 'unread', because: `${scrape.instance}: ${reading.problem}` }
  if (!mark) return { is: 'grown', by: nothing }
  if (beganAnew(mark, scrape)) return { is: 'grown', by: reading }
  const before = mark.counted[name]
  if (!before) return { is: 'grown', by: nothing }
  const by = { of: reading.of - before.of, among: reading.among - before.among }
  if (by.of >= 0 && by.among >= 0) return { is: 'grown', by }
  const [was, now] = by.of < 0 ? [before.of, reading.of] : [before.among, reading.among]
  return {
    is: 'lie',
    because: `${scrape.instance} went back from ${was} to ${now} though its process goes on: do several processes answer in turn?`,
  }
}

function markOf(mark: Mark | undefined, scrape: Scrape): Mark {
  const { process, since } = scrape
  const kept = mark && !beganAnew(mark, scrape) ? mark.counted : {}
  const read = Object.entries(scrape.readings).flatMap(([name, reading]) =>
    'problem' in reading ? [] : [[name, { of: reading.of, among: reading.among }] as const],
  )
  return {
    process,
    ...(since === undefined ? {} : { since }),
    counted: { ...kept, ...Object.fromEntries(read) },
  }
}

type Sum = { canary: Counted; live: Counted; unread?: string; lie?: string }

const add = (a: Counted, b: Counted): Counted => ({ of: a.of + b.of, among: a.among + b.among })

function sumUp(
  { name }: CounterSettings,
  { marks }: CountersRead,
  scrapes: readonly Scrape[],
  canary: string,
): Sum {
  const sum: Sum = { canary: nothing, live: nothing }
  for (const scrape of scrapes) {
    const side = scrape.instance.startsWith(`${canary}/`) ? 'canary' : 'live'
    const reading = scrape.readings[name] ?? { problem: 'was not asked for it' }
    const grown = grownAt(name, marks[scrape.instance], scrape, reading)
    if (grown.is === 'grown') sum[side] = add(sum[side], grown.by)
    else sum[grown.is === 'lie' ? 'lie' : 'unread'] ??= grown.because
  }
  return sum
}

/** So many more bad ones than there are to be bad are no matter of what is counted first. */
const tooMany = 50

const isKnown = (name: string, scrapes: readonly Scrape[]): boolean =>
  scrapes.some(({ readings }) => {
    const reading = readings[name]
    return reading !== undefined && 'isKnown' in reading && reading.isKnown
  })

type Given = { readonly counter: OwnCounter; readonly owed: number }

/** No more bad ones than there are: what is beyond is given with the next. */
function give(counter: CounterSettings, { of, among }: Counted, owed: number): Given {
  const bad = owed + (counter.worse === 'more' ? of : among - of)
  const given = Math.min(among, Math.max(0, bad))
  return { counter: { bad: given, of: among }, owed: bad - given }
}

function blindOf(
  counter: CounterSettings,
  sum: Sum,
  lie: string | undefined,
  scrapes: readonly Scrape[],
): Blind | undefined {
  if (lie !== undefined) return { because: lie, forGood: true }
  if (sum.unread !== undefined) return { because: sum.unread, forGood: false }
  if (isKnown(counter.name, scrapes)) return undefined
  return { because: `no instance counts ${counter.of}: is that its name?`, forGood: false }
}

/**
 * What the team's counters have grown by, and why one cannot be read.
 * @param canary the canary's fleet; every other instance is live
 */
export function growthOf(
  read: CountersRead,
  counters: readonly CounterSettings[],
  scrapes: readonly Scrape[],
  canary: string,
): Growth {
  const each = counters.map((counter) => {
    const sum = sumUp(counter, read, scrapes, canary)
    const before = read.owed[counter.name] ?? { canary: 0, live: 0 }
    const [mine, lives] = [give(counter, sum.canary, before.canary), give(counter, sum.live, before.live)]
    const isTooMany = Math.max(Math.abs(mine.owed), Math.abs(lives.owed)) >= tooMany
    const odd = isTooMany ? `there is less of ${counter.among} than of ${counter.of}` : undefined
    const lie = read.lies[counter.name] ?? sum.lie ?? odd
    return { counter, mine, lives, lie, blind: blindOf(counter, sum, lie, scrapes) }
  })
  const marks = scrapes.map((scrape) => [scrape.instance, markOf(read.marks[scrape.instance], scrape)])
  const notes = scrapes.flatMap(({ instance, malformed }) => (malformed ? [[instance, malformed]] : []))
  return {
    read: {
      marks: { ...read.marks, ...Object.fromEntries(marks) },
      owed: Object.fromEntries(
        each.map(({ counter, mine, lives }) => [counter.name, { canary: mine.owed, live: lives.owed }]),
      ),
      lies: Object.fromEntries(
        each.flatMap(({ counter, lie }) => (lie === undefined ? [] : [[counter.name, lie]])),
      ),
      notes: { ...read.notes, ...Object.fromEntries(notes) },
    },
    counted: Object.fromEntries(
      each.map(({ counter, mine, lives }) => [
        badName(counter),
        { canary: mine.counter, live: lives.counter },
      ]),
    ),
    blind: Object.fromEntries(
      each.flatMap(({ counter, blind }) => (blind ? [[badName(counter), blind]] : [])),
    ),
  }
}
