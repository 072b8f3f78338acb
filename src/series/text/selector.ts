import type { Labels } from '../series.ts'
import { type Exposition, familyOf, type MalformedLine, type Sample } from './exposition.ts'
import { createScanner, Malformed, takeSeries } from './scan.ts'

/** Names series: those of a metric that have these labels, whatever else they have. */
export type Selector = { readonly name: string; readonly labels: Labels }

/**
 * Reads `payments_total` or `payments_total{outcome="declined"}`.
 * @returns undefined when the text is no selector
 */
export function readSelector(text: string): Selector | undefined {
  const scanner = createScanner(text)
  try {
    const selector = takeSeries(scanner)
    return scanner.isAtEnd() ? selector : undefined
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}

const matches = ({ name, labels }: Selector, sample: Sample): boolean =>
  sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value)

/** What a counter shows at one instance. */
export type Count =
  /** `isKnown`: the instance has the metric, though perhaps no series of it yet, which is 0. */
  { readonly value: number; readonly isKnown: boolean } | { readonly problem: string }

const partsThatCount = /_(?:bucket|count)$/

/** Why a metric does not count; undefined when it does, or does not say what it is. */
function noCounter({ name }: Selector, types: Exposition['types']): string | undefined {
  const family = familyOf(name, types)
  const type = types.get(family)
  if (type === undefined || type === 'counter' || type === 'untyped') return undefined
  if (family !== name && partsThatCount.test(name)) return undefined
  return `${name} is a ${family === name ? type : `sum of a ${type}`}, expected a counter`
}

/** A broken line may be about a metric when it begins as its name does. */
const isAbout = ({ name }: Selector, { text }: MalformedLine): boolean => {
  const line = text.trimStart().replace(/^#\s*TYPE\s+/, '')
  const [begin = ''] = /^[a-zA-Z0-9_:]*/.exec(line) ?? []
  return begin === name || (begin === line && begin !== '' && name.startsWith(begin))
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

/** The sum of all series that a selector names. */
export function countIn(exposition: Exposition, selector: Selector): Count {
  const { samples, types, malformed } = exposition
  const broken = malformed.find((line) => isAbout(selector, line))
  if (broken) return { problem: `line ${broken.line} (${broken.text.slice(0, 100)}) ${broken.because}` }
  const wrong = noCounter(selector, types)
  if (wrong) return { problem: wrong }
  const counted = samples.filter((sample) => matches(selector, sample))
  const odd = counted.find(({ value }) => !isCount(value))
  if (odd) return { problem: `${selector.name} is ${odd.value}, expected a whole number from 0` }
  const isKnown = types.has(selector.name) || samples.some(({ name }) => name === selector.name)
  return { value: counted.reduce((sum, { value }) => sum + value, 0), isKnown }
}
