import type { Instant } from '../../../kernel/index.ts'
import {
  type Exposition,
  type Format,
  familyOf,
  type Labels,
  type MalformedLine,
  type MetricType,
  mostMalformed,
  type Reading,
  readExposition,
  type Sample,
} from '../../../series/index.ts'

/** What a target answered, or why it did not. */
export type Answer =
  | { readonly text: string; readonly format: Format; readonly tookMs: number }
  | { readonly because: string; readonly tookMs: number }

/** What is wrong with what a target says, in the words of the label `problem`. */
export const problemKinds = [
  'unreachable',
  'malformed',
  'limit',
  'type',
  'time',
  'probe',
  'gateway',
  'unknown',
] as const
export type ProblemKind = (typeof problemKinds)[number]

/** Something that was left out, or the whole scrape. */
export type ScrapeProblem = { readonly kind: ProblemKind; readonly text: string }

export type Scraped = {
  /** What it says, with its own labels and those of the target. */
  readonly readings: readonly Reading[]
  /** Of the scrape itself. */
  readonly about: readonly Reading[]
  readonly problems: readonly ScrapeProblem[]
  readonly types: ReadonlyMap<string, MetricType>
}

/** A sample may be so much older than its scrape, or newer. */
const oldestMs = 3_600_000
const newestMs = 10_000
/** Texts of problems are for people: a line of a megabyte is not. */
const longestText = 60

const shortened = (text: string): string =>
  text.length <= longestText ? text : `${text.slice(0, longestText)}…`

const lineText = (wrong: MalformedLine | undefined): string =>
  wrong ? `line ${wrong.line} (${shortened(wrong.text)}) ${wrong.because}` : ''

/** What the target says of itself gives way to what is known of it, and keeps its value under another name. */
function joined(own: Labels, target: Labels): Labels {
  const moved = Object.entries(own)
    .filter(([, value]) => value !== '')
    .map(([label, value]) => [label in target ? `exported_${label}` : label, value])
  return { ...Object.fromEntries(moved), ...target }
}

const skew = (behindMs: number): string =>
  `${Math.abs(Math.round(behindMs / 1_000))} s ${behindMs > 0 ? 'behind' : 'ahead of'} this machine's clock`

type Sorted = { readonly values: Sample[]; readonly created: Map<string, Instant> }

const seriesId = (name: string, labels: Labels): string =>
  JSON.stringify([
    name,
    Object.entries(labels)
      .filter(([label]) => label !== 'le' && label !== 'quantile')
      .sort(),
  ])

/** When something began to count is no value of its own. */
function sortOut({ samples, types }: Exposition): Sorted {
  const created = new Map<string, Instant>()
  const values = samples.filter((sample) => {
    const family = familyOf(sample.name, types)
    if (!sample.name.endsWith('_created') || family === sample.name) return true
    created.set(seriesId(family, sample.labels), Math.round(sample.value * 1_000))
    return false
  })
  return { values, created }
}

/**
 * What a target said, as readings. What is wrong is left out and named; the rest counts.
 * @param target labels of everything that it says
 * @param typesBefore what the same metrics were when it was last scraped
 * @param before when it was last scraped: what began to count since then began at zero
 */
export function scrapedReadings(
  answer: Answer,
  target: Labels,
  mostSamples: number,
  at: Instant,
  typesBefore: ReadonlyMap<string, MetricType> = new Map(),
  before?: Instant,
): Scraped {
  const about = (up: 0 | 1, samples: number): Reading[] => [
    { name: 'up', labels: target, at, value: up },
    { name: 'scrape_duration_seconds', labels: target, at, value: answer.tookMs / 1_000 },
    { name: 'scrape_samples_scraped', labels: target, at, value: samples },
  ]
  const nothing = (kind: ProblemKind, text: string, samples = 0): Scraped => ({
    readings: [],
    about: about(0, samples),
    problems: [{ kind, text }],
    types: new Map(),
  })
  if ('because' in answer) return nothing('unreachable', answer.because)
  const said = readExposition(answer.text, answer.format, { samples: mostSamples, malformed: mostMalformed })
  const { samples, malformed, types } = said
  if (samples.length > mostSamples)
    return nothing('limit', `told more than ${mostSamples} series, which are all that it may`, samples.length)
  if (malformed.length > mostMalformed)
    return nothing('malformed', `more than ${mostMalformed} lines are wrong: ${lineText(malformed[0])}`)
  if (samples.length === 0 && malformed.length > 0) return nothing('malformed', lineText(malformed[0]))
  const problems: ScrapeProblem[] = [
    ...malformed.map((line): ScrapeProblem => ({ kind: 'malformed', text: lineText(line) })),
    ...[...types].flatMap(([name, type]): ScrapeProblem[] => {
      const known = typesBefore.get(name)
      if (known === undefined || known === type) return []
      return [{ kind: 'type', text: `${name} is a ${type} and was a ${known} before` }]
    }),
  ]
  const { values, created } = sortOut(said)
  const readings = values.flatMap((sample): Reading[] => {
    const labels = joined(sample.labels, target)
    const when = sample.at ?? at
    if (at - when > oldestMs || when - at > newestMs) {
      problems.push({ kind: 'time', text: `${sample.name} is ${skew(at - when)}` })
      return []
    }
    const reading = { name: sample.name, labels, at: when, value: sample.value }
    const began = created.get(seriesId(familyOf(sample.name, types), sample.labels))
    const isNew = before !== undefined && began !== undefined && began > before && began < when
    return isNew ? [{ ...reading, at: began, value: 0 }, reading] : [reading]
  })
  return { readings, about: about(1, samples.length), problems, types }
}
