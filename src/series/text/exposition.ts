import type { Labels } from '../series.ts'
import { createScanner, Malformed, takeSeries } from './scan.ts'

/** One number of a series. */
export type Sample = { readonly name: string; readonly labels: Labels; readonly value: number }

export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped'

/** A line that is not as the format has it: left out, the others count. */
export type MalformedLine = { readonly line: number; readonly text: string; readonly because: string }

/** What a metrics endpoint says. */
export type Exposition = {
  readonly samples: readonly Sample[]
  /** Of the metrics that say what they are. */
  readonly types: ReadonlyMap<string, MetricType>
  readonly malformed: readonly MalformedLine[]
}

const number = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?=[ \t]|$)|[+-]?Inf(?=[ \t]|$)|NaN(?=[ \t]|$)/y
const timestamp = /[+-]?\d+(?=[ \t]|$)/y
const typeLine =
  /^#[ \t]+TYPE[ \t]+([a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]+(counter|gauge|histogram|summary|untyped)[ \t]*$/

function numberIn(text: string): number {
  if (text.endsWith('Inf')) return text.startsWith('-') ? -Infinity : Infinity
  return Number(text)
}

function readSample(line: string): Sample {
  const scanner = createScanner(line)
  scanner.skipBlanks()
  const series = takeSeries(scanner)
  scanner.skipBlanks()
  const value = numberIn(scanner.take(number, 'a number'))
  scanner.skipBlanks()
  if (!scanner.isAtEnd()) {
    scanner.take(timestamp, 'a time in milliseconds')
    scanner.skipBlanks()
  }
  if (!scanner.isAtEnd()) throw new Malformed(`has ${JSON.stringify(scanner.rest())} behind its value`)
  return { ...series, value }
}

/** The name by which a sample's metric says its type: that of a histogram's or summary's parts is the whole's. */
export function familyOf(name: string, types: Exposition['types']): string {
  const whole = name.replace(/_(?:bucket|count|sum)$/, '')
  const type = types.get(whole)
  return type === 'histogram' || type === 'summary' ? whole : name
}

const identity = ({ name, labels }: Sample): string => JSON.stringify([name, Object.entries(labels).sort()])

type Reader = {
  readonly samples: Map<string, Sample>
  readonly types: Map<string, MetricType>
  /** Metrics that have had a sample: their type comes too late. */
  readonly begun: Set<string>
}

function readType(line: string, { types, begun }: Reader): void {
  const [, name = '', type] = typeLine.exec(line) ?? []
  if (!type) throw new Malformed('expected # TYPE, the name of a metric and what it is')
  if (types.has(name)) throw new Malformed(`says the type of ${name} again`)
  if (begun.has(name)) throw new Malformed(`says the type of ${name} after its values`)
  types.set(name, type as MetricType)
}

function readLine(line: string, reader: Reader): void {
  if (/^[ \t]*$/.test(line)) return
  if (line.startsWith('#')) {
    if (/^#[ \t]+TYPE(?:[ \t]|$)/.test(line)) readType(line, reader)
    return
  }
  const sample = readSample(line)
  const id = identity(sample)
  if (reader.samples.has(id)) throw new Malformed('says the same series again')
  reader.samples.set(id, sample)
  reader.begun.add(familyOf(sample.name, reader.types))
}

/**
 * Reads Prometheus' text format (version 0.0.4), strictly: a line that is not as it should be is named with the reason,
 * and no other line is lost by it. A last line without an end was cut off and is malformed, since half of a number is
 * another number.
 */
export function readExposition(text: string): Exposition {
  const reader: Reader = { samples: new Map(), types: new Map(), begun: new Set() }
  const malformed: MalformedLine[] = []
  const lines = text.split('\n')
  const cutOff = lines.pop() ?? ''
  lines.forEach((line, i) => {
    try {
      readLine(line, reader)
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      malformed.push({ line: i + 1, text: line, because: error.message })
    }
  })
  if (cutOff !== '') malformed.push({ line: lines.length + 1, text: cutOff, because: 'was cut off' })
  return { samples: [...reader.samples.values()], types: reader.types, malformed }
}
