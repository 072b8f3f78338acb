import {
  type Count,
  countIn,
  type MalformedLine,
  mostMalformed,
  readExposition,
  readSelector,
} from '../../../series/index.ts'
import type { CounterSettings } from './settings.ts'

/** What an instance has counted since its process began. */
export type Reading =
  | { readonly of: number; readonly among: number; readonly isKnown: boolean }
  | { readonly problem: string }

/** What one instance said of itself when it was asked. */
export type Scrape = {
  /** `FLEET/INDEX` */
  readonly instance: string
  /** Another number is another process, which counts from zero. */
  readonly process: number
  /** When the process began, as it says itself: what restarts within counts from zero, too. */
  readonly since?: number
  readonly readings: Readonly<Record<string, Reading>>
  /** Lines that are not as the format has them. */
  readonly malformed?: string
}

/** What came back when its metrics were asked for. */
export type Answer = { readonly text: string } | { readonly because: string }

type Asked = Pick<Scrape, 'instance' | 'process'>

function readingOf(exposition: ReturnType<typeof readExposition>, counter: CounterSettings): Reading {
  const count = (text: string): Count => {
    const selector = readSelector(text)
    return selector ? countIn(exposition, selector) : { problem: `${text} names no series` }
  }
  const [of, among] = [count(counter.of), count(counter.among)]
  if ('problem' in of) return of
  if ('problem' in among) return among
  return { of: of.value, among: among.value, isKnown: of.isKnown }
}

/** The usual metric of client libraries for when a process began, in seconds since 1970. */
const sinceMetric = 'process_start_time_seconds'

const lineText = ({ line, text, because }: MalformedLine): string =>
  `line ${line} (${text.slice(0, 100)}) ${because}`

/** Reads what the team's counters are in an instance's answer. */
export function readScrape(asked: Asked, answer: Answer, counters: readonly CounterSettings[]): Scrape {
  const all = (of: (counter: CounterSettings) => Reading): Scrape['readings'] =>
    Object.fromEntries(counters.map((counter) => [counter.name, of(counter)]))
  if ('because' in answer) return { ...asked, readings: all(() => ({ problem: answer.because })) }
  const exposition = readExposition(answer.text, 'prometheus', {
    samples: Infinity,
    malformed: mostMalformed,
  })
  const since = exposition.samples.find(({ name }) => name === sinceMetric)?.value
  const [first] = exposition.malformed
  const wrong = exposition.malformed.length
  // Behind so many nothing more was read: what a counter is now may stand there.
  const problem =
    first && wrong > mostMalformed
      ? `more than ${mostMalformed} of its lines are wrong; ${lineText(first)}`
      : undefined
  return {
    ...asked,
    ...(since !== undefined && Number.isFinite(since) ? { since } : {}),
    readings: all((counter) => (problem === undefined ? readingOf(exposition, counter) : { problem })),
    ...(first && { malformed: problem ?? `${wrong} of its lines cannot be read; ${lineText(first)}` }),
  }
}
