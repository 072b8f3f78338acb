import type { Labels } from '../series.ts'
import type { MetricType } from './exposition.ts'

/** A metric with all its series. */
export type Family = {
  readonly name: string
  /** One line, for people. */
  readonly help: string
  readonly type: Extract<MetricType, 'counter' | 'gauge'>
  readonly samples: readonly { readonly labels?: Labels; readonly value: number }[]
}

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

const numberText = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN'
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf'
}

function lineOf(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${numberText(value)}`
}

/** Prometheus' text format (version 0.0.4). A metric without a series is announced all the same: it is zero of nothing. */
export const writeExposition = (families: readonly Family[]): string =>
  families
    .flatMap(({ name, help, type, samples }) => [
      `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
      `# TYPE ${name} ${type}`,
      ...samples.map(({ labels = {}, value }) => lineOf(name, labels, value)),
    ])
    .map((line) => `${line}\n`)
    .join('')
