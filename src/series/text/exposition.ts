import type { Labels } from '../series.ts'
import { readDescription, suffixes, takeRest } from './openmetrics.ts'
import { createScanner, Malformed, takeLabels, takeSeries } from './scan.ts'

/** One number of a series; `at` in milliseconds since 1970 when the endpoint says of when it is. */
export type Sample = {
  readonly name: string
  readonly labels: Labels
  readonly value: number
  readonly at?: number
}

/** The last four are OpenMetrics' alone; it says `unknown` where Prometheus says `untyped`. */
export type MetricType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'summary'
  | 'untyped'
  | 'gaugehistogram'
  | 'info'
  | 'stateset'
  | 'unknown'

/** Prometheus' text format (version 0.0.4), or OpenMetrics' (version 1.0.0). */
export type Format = 'prometheus' | 'openmetrics'

/** A line that is not as the format has it: left out, the others count. */
export type MalformedLine = { readonly line: number; readonly text: string; readonly because: string }

/** What a metrics endpoint says. */
export type Exposition = {
  readonly samples: readonly Sample[]
  /** Of the metrics that say what they are. */
  readonly types: ReadonlyMap<string, MetricType>
  readonly malformed: readonly MalformedLine[]
  /** Lines that were left unread since there were too many of these or of those. */
  readonly unread: number
}

/** When to stop reading, so that who makes up ever more costs no more time. */
export type ExpositionLimits = { readonly samples: number; readonly malformed: number }
/** With more lines than this wrong, it is something else than metrics that is told. */
export const mostMalformed = 1_000
const noLimits: ExpositionLimits = { samples: Infinity, malformed: Infinity }

/** Digits stand in one place of it only: a line of them must not be tried in every way to part them. */
const number = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?=[ \t]|$)|[+-]?Inf(?=[ \t]|$)|NaN(?=[ \t]|$)/y
const timestamp = /[+-]?\d+(?=[ \t]|$)/y
const typeLine =
  /^#[ \t]+TYPE[ \t]+([a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]+(counter|gauge|histogram|summary|untyped)[ \t]*$/

function numberIn(text: string): number {
  if (text.endsWith('Inf')) return text.startsWith('-') ? -Infinity : Infinity
  return Number(text)
}

function readSample(line: string, format: Format): Sample {
  const scanner = createScanner(line)
  if (format === 'prometheus') scanner.skipBlanks()
  const series = takeSeries(scanner)
  scanner.skipBlanks()
  const value = numberIn(scanner.take(number, 'a number'))
  scanner.skipBlanks()
  let at: number | undefined
  if (format === 'openmetrics') at = takeRest(scanner, series.name, () => takeLabels(scanner))
  else if (!scanner.isAtEnd()) {
    at = Number(scanner.take(timestamp, 'a time in milliseconds'))
    scanner.skipBlanks()
  }
  if (!scanner.isAtEnd()) throw new Malformed(`has ${JSON.stringify(scanner.rest())} behind its value`)
  return { ...series, value, ...(at === undefined ? {} : { at }) }
}

/** The name by which a sample's metric says its type: that of a part is the whole's. */
export function familyOf(name: string, types: Exposition['types']): string {
  const suffix = /_(?:bucket|count|sum|total|created|gcount|gsum|info)$/.exec(name)?.[0]
  if (suffix === undefined || types.has(name)) return name
  const whole = name.slice(0, -suffix.length)
  const type = types.get(whole)
  return type !== undefined && suffixes[type].includes(suffix) ? whole : name
}

const identity = ({ name, labels }: Sample): string => JSON.stringify([name, Object.entries(labels).sort()])

type Reader = {
  readonly format: Format
  readonly samples: Map<string, Sample>
  readonly types: Map<string, MetricType>
  /** Metrics that have had a sample: their type comes too late. */
  readonly begun: Set<string>
}

function takeType(name: string, type: MetricType, { types, begun }: Reader): void {
  if (types.has(name)) throw new Malformed(`says the type of ${name} again`)
  if (begun.has(name)) throw new Malformed(`says the type of ${name} after its values`)
  types.set(name, type)
}

function readRemark(line: string, reader: Reader): void {
  if (reader.format === 'openmetrics') {
    const said = readDescription(line)
    if (said.is === 'type') takeType(said.name, said.type, reader)
    return
  }
  if (!/^#[ \t]+TYPE(?:[ \t]|$)/.test(line)) return
  const [, name = '', type] = typeLine.exec(line) ?? []
  if (!type) throw new Malformed('expected # TYPE, the name of a metric and what it is')
  takeType(name, type as MetricType, reader)
}

function readLine(line: string, reader: Reader): void {
  if (/^[ \t]*$/.test(line)) {
    if (reader.format === 'openmetrics') throw new Malformed('is empty')
    return
  }
  if (line.startsWith('#')) {
    readRemark(line, reader)
    return
  }
  const sample = readSample(line, reader.format)
  const id = identity(sample)
  if (reader.samples.has(id)) throw new Malformed('says the same series again')
  reader.samples.set(id, sample)
  reader.begun.add(familyOf(sample.name, reader.types))
}

/** Reads a line. @returns why it could not be */
function whyMalformed(line: string, reader: Reader): string | undefined {
  try {
    readLine(line, reader)
    return undefined
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    return error.message
  }
}

/** The lines that say something, and what is wrong with where they end. */
function linesOf(said: string, format: Format): { lines: readonly string[]; malformed: MalformedLine[] } {
  const lines = said.split('\n')
  const last = lines.pop() ?? ''
  const line = lines.length + 1
  if (format === 'prometheus')
    return { lines, malformed: last === '' ? [] : [{ line, text: last, because: 'was cut off' }] }
  const all = [...lines, last]
  const end = all.indexOf('# EOF')
  if (end < 0) {
    const because = last === '' ? 'expected # EOF: it was cut off' : 'was cut off'
    return { lines, malformed: [{ line, text: last, because }] }
  }
  const behind = all.findIndex((one, i) => i > end && one !== '')
  const text = all[behind] ?? ''
  return {
    lines: lines.slice(0, end),
    malformed: behind < 0 ? [] : [{ line: behind + 1, text, because: 'stands behind # EOF' }],
  }
}

/**
 * Reads what a metrics endpoint says, strictly: a line that is not as it should be is named with the reason, and no other
 * line is lost by it. A last line without an end was cut off and is malformed, since half of a number is another number.
 */
export function readExposition(
  text: string,
  format: Format = 'prometheus',
  limits: ExpositionLimits = noLimits,
): Exposition {
  const reader: Reader = { format, samples: new Map(), types: new Map(), begun: new Set() }
  const { lines, malformed: atEnd } = linesOf(text, format)
  const malformed: MalformedLine[] = []
  const isOver = () => reader.samples.size > limits.samples || malformed.length > limits.malformed
  let read = 0
  for (; read < lines.length && !isOver(); read++) {
    const line = lines[read] as string
    const because = whyMalformed(line, reader)
    if (because !== undefined) malformed.push({ line: read + 1, text: line, because })
  }
  return {
    samples: [...reader.samples.values()],
    types: reader.types,
    malformed: [...malformed, ...atEnd],
    unread: lines.length - read,
  }
}
