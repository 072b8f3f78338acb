import type { LoadResult } from '../result.ts'
import { type Summary, summarise, verdictWords } from './summary.ts'

const marks = { pass: '✅', met: '✅', fail: '❌', missed: '❌', inconclusive: '❔', unknown: '❔' } as const

/** What has a meaning in Markdown or HTML, so that a text of others stays a text; an `@` must call nobody. */
const asText = (text: string): string =>
  text
    .replace(/[&<>]/g, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[one] ?? one)
    .replace(/[\\`*_~|[\]#!]/g, (one) => `\\${one}`)
    .replaceAll('@', '@<!-- -->')

/** As code, as it was written: nothing in it has a meaning but the bar of a table. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  const space = longest > 0 ? ' ' : ''
  return `${fence}${space}${text.replaceAll('|', '\\|')}${space}${fence}`
}

type Align = 'left' | 'right'

function table(
  heads: readonly string[],
  align: readonly Align[],
  rows: readonly (readonly string[])[],
): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heads), line(align.map((one) => (one === 'right' ? '---:' : '---'))), ...rows.map(line)]
}

const figures = (heads: readonly string[]): Align[] => ['left', ...heads.map((): Align => 'right')]

const thresholdLines = ({ thresholds }: Summary): string[] =>
  thresholds.length === 0
    ? []
    : table(
        ['', 'Threshold', 'Found'],
        ['left', 'left', 'right'],
        thresholds.map(({ text, is, value }) => [`${marks[is]} ${is}`, code(text), value]),
      )

const reasonLines = ({ reasons }: Summary): string[] =>
  reasons.map(({ text, next }) => `- ${asText(text)}${next ? `  \n  → ${asText(next)}` : ''}`)

const latencyLines = ({ latencyHeads, latency }: Summary): string[] =>
  table(
    ['Latency', ...latencyHeads],
    figures(latencyHeads),
    latency.map(({ name, values }) => [name, ...values]),
  )

const requestLines = ({ requestHeads, requests }: Summary): string[] =>
  requests.length < 2
    ? []
    : table(
        ['Request', ...requestHeads],
        figures(requestHeads),
        requests.map(({ name, values }) => [asText(name), ...values]),
      )

const checkLines = ({ checks }: Summary): string[] =>
  checks.map(({ name, is, text }) => `- ${marks[is]} ${asText(name)}: ${text}`)

const causeLines = (title: string, causes: Summary['failures']): string[] =>
  causes.length === 0
    ? []
    : [`${title}:`, '', ...causes.map(({ because, count }) => `- ${count} × ${asText(because)}`)]

const generatorLines = ({ generator }: Summary): string[] => [
  `Generator: **${generator.is}** (${generator.text})`,
  ...generator.reasons.map((reason) => `- ${asText(reason)}`),
]

/** What is needed only when something is wrong, behind a summary to open. */
function details(summary: Summary): string[] {
  const parts = [
    requestLines(summary),
    checkLines(summary),
    causeLines('Failures', summary.failures),
    causeLines('Errors of the scenario', summary.scenarioErrors),
    summary.facts.map(([name, value]) => `- ${name}: ${asText(value)}`),
    generatorLines(summary),
  ]
  const body = parts.filter((part) => part.length > 0).flatMap((part) => [...part, ''])
  return ['<details><summary>More numbers</summary>', '', ...body, '</details>']
}

const headLines = ({ verdict, headline, target, how, stoppedEarly }: Summary): string[] => [
  `### ${marks[verdict]} Load test ${verdictWords[verdict]}: ${asText(headline)}`,
  '',
  `${code(target)}: ${how}`,
  ...(stoppedEarly ? ['', `Stopped early: ${asText(stoppedEarly)}`] : []),
]

/** What a load test found, in the Markdown of a pull request. */
export function renderMarkdown(result: LoadResult): string {
  const summary = summarise(result)
  const saturated =
    summary.generator.is === 'saturated'
      ? ['**The generator was saturated**: judge the service by another run.']
      : []
  const blocks = [
    headLines(summary),
    saturated,
    thresholdLines(summary),
    reasonLines(summary),
    summary.sums.map((sum) => `- ${sum}`),
    latencyLines(summary),
    details(summary),
  ]
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}
