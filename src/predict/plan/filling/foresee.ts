import { type Crossing, type History, runsOut } from '../../../forecast/index.ts'
import type { Instant } from '../../../kernel/index.ts'
import { aboutText } from '../dates.ts'
import type { Finding, Foreseen } from '../finding.ts'
import { futureLabel } from '../future/label.ts'
import type { FillingKind } from './questions.ts'

/** Something that fills up, in percent of what goes into it. */
export type FillingSeen = {
  readonly kind: FillingKind
  readonly name: string
  readonly history: History
  /** The highest of the last hour that is known. */
  readonly newest: number
  /** When days begin there, after midnight UTC; 0. */
  readonly dayBeginsMs?: number
}

const full = 100

/** What is said of it, and what is done first. */
const words: Readonly<Record<FillingKind, { readonly full: string; readonly next: string }>> = {
  disk: { full: 'is full', next: 'find out what grows there (du -x), then remove it or make it larger' },
  memory: {
    full: 'reaches its limit',
    next: 'look for what is kept and never let go of; a deployment or a restart gives it back for a while',
  },
  files: {
    full: 'reach their limit',
    next: 'look for what is opened and never closed (lsof -p); a restart closes them for a while',
  },
  connections: {
    full: 'are used up',
    next: 'close what is idle, or allow for more where they are counted',
  },
  queue: { full: 'is full', next: 'add consumers, or find out what has made them slow' },
}

const percent = (value: number): string => `${Number(value.toPrecision(3))} %`

function sentence(label: string, kind: FillingKind, crossing: Crossing, now: Instant): string {
  const about = aboutText(crossing, now)
  const { horizonDays } = crossing
  return about === undefined
    ? `${label} ${kind === 'files' || kind === 'connections' ? 'are' : 'is'} not seen to be full within ${horizonDays} days`
    : `${label} ${words[kind].full} ${about}`
}

/** When something that fills up is full. Clean-ups, such as restarts at deployments, go on as they were. */
export function foreseeFilling(seen: FillingSeen, now: Instant): Finding {
  const { kind, name, history, newest, dayBeginsMs = 0 } = seen
  const label = futureLabel({ kind, name })
  const crossing = runsOut(history, full, { dayBeginsMs })
  if (crossing.is === 'refused') return { is: 'unforeseen', kind, name, text: `${label}: ${crossing.why}` }
  const foreseen: Foreseen = {
    ...{ is: 'foreseen', kind, name, crossing, isThere: newest >= full },
    text: sentence(label, kind, crossing, now),
    found: [
      `the last whole hour had ${percent(newest)} of what fits`,
      `its daily peak, in percent of what fits, ${crossing.why}`,
    ],
    next: words[kind].next,
  }
  return foreseen
}
