import { type Crossing, type History, type RunsOutOptions, runsOut } from '../../../forecast/index.ts'
import { type Around, aboutText, dateText, zoneFound } from '../dates.ts'
import type { Finding, Foreseen } from '../finding.ts'
import { futureLabel } from '../future/label.ts'
import type { FillingKind } from './questions.ts'

/** Something that fills up, in percent of what goes into it. */
export type FillingSeen = {
  readonly kind: FillingKind
  readonly name: string
  readonly history: History
  /** How often it was ended in each hour since it was full, as the kernel tells it; guessed from how full it was otherwise. */
  readonly kills?: History
  /** The highest of the last hour that is known. */
  readonly newest: number
  /** When days begin there, after midnight UTC; 0. */
  readonly dayBeginsMs?: number
}

const full = 100
/** A share of it from which on what falls was killed: it is seen each some seconds only. */
const nearlyFull = 0.98

type Words = {
  readonly full: string
  /** The same of one thing, after `it`. */
  readonly verb: string
  /** What gives it back. */
  readonly without: string
  readonly next: string
}

/** What is said of it, and what is done first. */
const words: Readonly<Record<FillingKind, Words>> = {
  disk: {
    full: 'is full',
    verb: 'is full',
    without: 'a clean-up',
    next: 'find out what grows there (du -x), then remove it or make it larger',
  },
  memory: {
    full: 'reaches its limit',
    verb: 'reaches its limit',
    without: 'a restart',
    next: 'look for what is kept and never let go of; a deployment or a restart gives it back for a while',
  },
  files: {
    full: 'reach their limit',
    verb: 'reaches its limit',
    without: 'a restart',
    next: 'look for what is opened and never closed (lsof -p); a restart closes them for a while',
  },
  connections: {
    full: 'are used up',
    verb: 'is used up',
    without: 'closing some',
    next: 'close what is idle, or allow for more where they are counted',
  },
  queue: {
    full: 'is full',
    verb: 'is full',
    without: 'its being emptied',
    next: 'add consumers, or find out what has made them slow',
  },
}

const percent = (value: number): string => `${Number(value.toPrecision(3))} %`

function sentence(label: string, kind: FillingKind, crossing: Crossing, around: Around): string {
  const about = aboutText(crossing, around)
  const { horizonDays } = crossing
  return about === undefined
    ? `${label} ${kind === 'files' || kind === 'connections' ? 'are' : 'is'} not seen to be full within ${horizonDays} days`
    : `${label} ${words[kind].full} ${about}`
}

/** What if it was not given back any more, as where nobody deploys for some weeks. */
function leftAlone(
  { kind, history }: FillingSeen,
  options: RunsOutOptions,
  around: Around,
): readonly string[] {
  const alone = runsOut(history, full, { ...options, isLeftAlone: true })
  const about = alone.is === 'crossing' ? aboutText(alone, around) : undefined
  const { verb, without } = words[kind]
  return about === undefined ? [] : [`without ${without} it ${verb} ${about}`]
}

/** What the kernel says of it, where it has ended any. */
function killedText(kills: History | undefined, around: Around): readonly string[] {
  if (!kills) return []
  const counts = Array.from(kills.values)
  const ended = counts.filter((count) => count > 0).length
  if (ended === 0) return []
  const last = kills.from + kills.stepMs * counts.findLastIndex((count) => count > 0)
  const hours = ended === 1 ? 'one hour' : `${ended} hours`
  return [`the kernel killed it for want of memory in ${hours}, the last time on ${dateText(last, around)}`]
}

/** When something that fills up is full. Clean-ups, such as restarts at deployments, go on as they were. */
export function foreseeFilling(seen: FillingSeen, around: Around): Finding {
  const { kind, name, history, newest, kills, dayBeginsMs = 0 } = seen
  const label = futureLabel({ kind, name })
  // What fills its memory is killed; a disk is cleaned up when it is nearly full.
  const options = {
    dayBeginsMs,
    ...(kind === 'memory' ? { killsFrom: nearlyFull } : {}),
    ...(kills ? { kills } : {}),
  }
  const seenComing = runsOut(history, full, options)
  if (seenComing.is === 'refused')
    return { is: 'unforeseen', kind, name, text: `${label}: ${seenComing.why}` }
  const { isCleanedUp, ...crossing } = seenComing
  const foreseen: Foreseen = {
    ...{ is: 'foreseen', kind, name, crossing, isThere: newest >= full },
    text: sentence(label, kind, crossing, around),
    found: [
      `the last whole hour had ${percent(newest)} of what fits`,
      `its daily peak, in percent of what fits, ${crossing.why}`,
      ...killedText(kills, around),
      ...(isCleanedUp ? leftAlone(seen, options, around) : []),
      ...zoneFound(around),
    ],
    next: words[kind].next,
  }
  return foreseen
}
