import type { Labels } from '../series.ts'
import type { MetricType } from './exposition.ts'
import { Malformed, type Scanner } from './scan.ts'

const seconds = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?=[ \t]|$)/y
const metric = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const typeLine = new RegExp(
  `^# TYPE (${metric}) (counter|gauge|histogram|gaugehistogram|summary|info|stateset|unknown)$`,
)
const unitLine = new RegExp(`^# UNIT (${metric}) ([a-zA-Z0-9_:]*)$`)
const helpLine = new RegExp(`^# HELP ${metric} `)

/** An exemplar names a trace of one of those that were counted; its labels are short. */
const longestExemplar = 128

/** What a family's samples may be called, by its type; the family's own name is ''. */
export const suffixes: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['_total', '_created'],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
  summary: ['', '_count', '_sum', '_created'],
  info: ['_info'],
  gauge: [''],
  stateset: [''],
  unknown: [''],
  untyped: [''],
}

export type Described =
  | { readonly is: 'type'; readonly name: string; readonly type: MetricType }
  | { readonly is: 'remark' }

/**
 * Reads a line that begins with `#`.
 * @throws Malformed: OpenMetrics has no remarks of other kinds
 */
export function readDescription(line: string): Described {
  const [, name = '', type] = typeLine.exec(line) ?? []
  if (type) return { is: 'type', name, type: type as MetricType }
  const [, measured = '', unit = ''] = unitLine.exec(line) ?? []
  if (measured !== '') {
    if (unit !== '' && !measured.endsWith(`_${unit}`))
      throw new Malformed(`says that ${measured} is in ${unit}, expected a name that ends with _${unit}`)
    return { is: 'remark' }
  }
  if (helpLine.test(line)) return { is: 'remark' }
  throw new Malformed('expected # TYPE, # UNIT, # HELP or # EOF')
}

const lengthOf = (labels: Labels): number =>
  Object.entries(labels).reduce((sum, [name, value]) => sum + [...name].length + [...value].length, 0)

/**
 * Takes what may stand behind a value: a time, and an exemplar.
 * @param takeLabels takes labels in braces
 * @returns the time in milliseconds since 1970, when there is one
 */
export function takeRest(scanner: Scanner, name: string, takeLabels: () => Labels): number | undefined {
  let at: number | undefined
  if (!scanner.isAtEnd() && !scanner.rest().startsWith('#')) {
    at = Math.round(Number(scanner.take(seconds, 'a time in seconds')) * 1_000)
    scanner.skipBlanks()
  }
  if (!scanner.has('#')) return at
  if (!/_(?:total|bucket)$/.test(name))
    throw new Malformed('has an exemplar, expected none but on counters and buckets')
  scanner.skipBlanks()
  if (!scanner.rest().startsWith('{')) throw new Malformed('expected the labels of an exemplar behind #')
  if (lengthOf(takeLabels()) > longestExemplar)
    throw new Malformed(`has an exemplar of more than ${longestExemplar} characters`)
  scanner.skipBlanks()
  scanner.take(seconds, 'the value of an exemplar')
  scanner.skipBlanks()
  if (!scanner.isAtEnd()) scanner.take(seconds, 'the time of an exemplar in seconds')
  return at
}
