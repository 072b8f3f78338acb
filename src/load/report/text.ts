import type { LoadResult } from '../result.ts'
import { type Align, alignColumns, wrap } from './columns.ts'
import { type AccountLine, type CauseLine, type Summary, summarise, verdictWords } from './summary.ts'
import { finishText, markColumn, type Paint, painter, type TextScreen } from './text-screen.ts'

const indent = (lines: readonly string[], by = 2): string[] => lines.map((line) => `${' '.repeat(by)}${line}`)

type Section = readonly [title: string, lines: readonly string[]]

function verdictLines(summary: Summary, { width }: TextScreen, paint: Paint): string[] {
  const { verdict, headline, target, how, stoppedEarly } = summary
  const head = markColumn(verdict, verdictWords[verdict], 0, paint)
  return [
    `${head}  ${headline}`,
    ...indent(wrap(`${target}: ${how}`, width - 2)),
    ...(stoppedEarly ? indent(wrap(`stopped early: ${stoppedEarly}`, width - 2)) : []),
  ]
}

function thresholdLines({ thresholds }: Summary, { width }: TextScreen, paint: Paint): string[] {
  const rows = thresholds.map(({ text, value }) => [text, value])
  const table = alignColumns(rows, ['left', 'right'], width - 13)
  return thresholds.map(({ is }, i) => `  ${markColumn(is, is, 9, paint)}  ${table[i]}`)
}

const reasonLines = ({ reasons }: Summary, { width }: TextScreen): string[] =>
  reasons.flatMap(({ text, next }) => [
    ...indent(wrap(text, width - 2)),
    ...(next === undefined ? [] : indent(wrap(`→ ${next}`, width - 4), 4)),
  ])

const isError = ({ name, count }: AccountLine): boolean =>
  count !== '0' && ['failed', 'timed out', 'unsent', 'errors'].includes(name)

function accountLines({ account }: Summary, { width }: TextScreen, paint: Paint): string[] {
  const rows = account.map(({ name, depth, count, note }) => [`${'  '.repeat(depth)}${name}`, count, note])
  const table = alignColumns(rows, ['left', 'right', 'right'], width - 2)
  return indent(table.map((line, i) => (account[i] && isError(account[i]) ? paint(line, 'warn') : line)))
}

/** Where it is narrow, the less used quantiles give way. */
const narrow = 72
const givesWay: readonly string[] = ['p90', 'p99.9']

function latencyLines({ latencyHeads, latency }: Summary, { width }: TextScreen): string[] {
  const kept = latencyHeads.flatMap((head, i) => (width < narrow && givesWay.includes(head) ? [] : [i]))
  const pick = (values: readonly string[]) => kept.map((i) => values[i] ?? '')
  const rows = [['', ...pick(latencyHeads)], ...latency.map(({ name, values }) => [name, ...pick(values)])]
  return indent(alignColumns(rows, ['left', ...kept.map((): Align => 'right')], width - 2))
}

function checkLines({ checks }: Summary, { width }: TextScreen, paint: Paint): string[] {
  const table = alignColumns(
    checks.map(({ name, text }) => [name, text]),
    ['left', 'left'],
    width - 4,
  )
  return checks.map(({ is }, i) => `  ${markColumn(is, '', 2, paint)}${table[i]}`)
}

function requestLines({ requestHeads, requests }: Summary, { width }: TextScreen): string[] {
  const kept = requestHeads.flatMap((head, i) => (width < narrow && head === 'max' ? [] : [i]))
  const pick = (values: readonly string[]) => kept.map((i) => values[i] ?? '')
  const rows = [['', ...pick(requestHeads)], ...requests.map((one) => [one.name, ...pick(one.values)])]
  return indent(alignColumns(rows, ['left', ...kept.map((): Align => 'right')], width - 2))
}

function causeLines(causes: readonly CauseLine[], { width }: TextScreen): string[] {
  const space = Math.max(0, ...causes.map(({ count }) => count.length))
  return causes.flatMap(({ because, count }) =>
    wrap(because, width - space - 4).map((line, i) => `  ${(i === 0 ? count : '').padStart(space)}  ${line}`),
  )
}

const factLines = ({ facts }: Summary, { width }: TextScreen): string[] =>
  facts.flatMap(([name, value]) =>
    wrap(value, width - 13).map((line, i) => `  ${(i === 0 ? name : '').padEnd(9)}  ${line}`),
  )

function generatorLines({ generator }: Summary, { width }: TextScreen, paint: Paint): string[] {
  const { is, text, reasons } = generator
  const word = is === 'sound' ? 'sound' : 'saturated: judge the service by another run'
  return [
    `  ${markColumn(is, word, 0, paint)}`,
    ...indent(
      reasons.flatMap((reason) => wrap(reason, width - 4)),
      4,
    ),
    ...indent(wrap(text, width - 4), 4),
  ]
}

function sectionsOf(summary: Summary, screen: TextScreen, paint: Paint): Section[] {
  const byName = summary.requests.length > 1 ? requestLines(summary, screen) : []
  return [
    ['Thresholds', thresholdLines(summary, screen, paint)],
    ['Reasons', reasonLines(summary, screen)],
    ['Requests', accountLines(summary, screen, paint)],
    ['Latency', latencyLines(summary, screen)],
    ['Checks', checkLines(summary, screen, paint)],
    ['By name', byName],
    ['Failures', causeLines(summary.failures, screen)],
    ['Errors of the scenario', causeLines(summary.scenarioErrors, screen)],
    ['More', factLines(summary, screen)],
    ['Generator', generatorLines(summary, screen, paint)],
  ]
}

/**
 * The summary of a load test for a terminal: verdict, thresholds, reasons, then the numbers.
 * @returns lines, each with its line end
 */
export function renderText(result: LoadResult, screen: TextScreen): string {
  const { paint } = painter(screen)
  const summary = summarise(result)
  const sections = sectionsOf(summary, screen, paint).filter(([, lines]) => lines.length > 0)
  const lines = [
    ...verdictLines(summary, screen, paint),
    ...sections.flatMap(([title, found]) => ['', paint(title, 'bold'), ...found]),
  ]
  return finishText(lines, screen)
}
