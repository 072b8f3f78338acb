import { formatDuration } from '../../kernel/index.ts'
import type { LineResult } from '../plan/line/index.ts'
import { alignColumns, wrap } from './columns.ts'
import { drawFigure, drawTable } from './figure.ts'
import { formatMs, formatRate, formatShare } from './format.ts'
import { harmless } from './harmless.ts'
import type { LoadLineView } from './load-line.ts'
import { html } from './markup.ts'
import { loadLinePlot } from './plots/load-line-plot.ts'
import { drawMark, drawPage } from './shell.ts'
import { finishText, painter, type TextScreen } from './text-screen.ts'

const quantileName = (quantile: number): string => `p${Number((quantile * 100).toFixed(2))}`

const words = { found: 'found', atLeast: 'at least', below: 'below', inconclusive: 'inconclusive' } as const
const looks = { found: 'pass', atLeast: 'pass', below: 'fail', inconclusive: 'inconclusive' } as const

/** `carries 828/s (95 %: 803/s to 851/s) with p99 below 250 ms` */
export function lineHeadline(result: LineResult): string {
  const { verdict, ratePerSecond, interval, goal, reasons } = result
  const objective = `${quantileName(goal.quantile)} below ${formatMs(goal.belowMs)}`
  const rate = formatRate(ratePerSecond ?? 0)
  switch (verdict) {
    case 'found':
      return `carries ${rate} (95 %: ${formatRate(interval?.low ?? 0)} to ${formatRate(interval?.high ?? 0)}) with ${objective}`
    case 'atLeast':
      return `carries at least ${rate}, the most that was allowed, with ${objective}`
    case 'below':
      return `does not carry ${rate}, the least that was tried, with ${objective}`
    case 'inconclusive':
      return reasons.join('; ')
  }
}

const mostReasons = 3

/** Reasons have their numbers in them, and each trial its own. */
function whyVoided({ voided }: LineResult): string {
  const reasons = [...new Set(voided.flatMap((one) => one.reasons))]
  const more = reasons.length - mostReasons
  return [...reasons.slice(0, mostReasons), ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}

/** What else is to be said, in the order of what people ask next. */
function factsOf(result: LineResult): (readonly [string, string])[] {
  const { limitedBy, confirmedPerSecond, scalability, flags, voided, trials, tookMs } = result
  const law =
    'because' in scalability
      ? scalability.because
      : `one user ${formatRate(scalability.lambda)}; contention ${formatShare(scalability.sigma)}, crosstalk ${formatShare(scalability.kappa)}`
  return [
    ...(limitedBy ? [['limited by', limitedBy.text] as const] : []),
    ['confirmed', confirmedPerSecond === null ? 'no' : `${formatRate(confirmedPerSecond)} held to the end`],
    ['scales', law],
    ...flags.map((flag) => ['note', flag] as const),
    ...(voided.length > 0 ? [['voided', `${voided.length}: ${whyVoided(result)}`] as const] : []),
    ['took', `${formatDuration(tookMs)} with ${trials.length} trials`],
  ]
}

const curveHeads = ['offered', 'answered', 'p50', 'p95', 'p99', 'bad'] as const
const curveRows = ({ curve }: LineResult): string[][] =>
  curve.map((point) => [
    formatRate(point.ratePerSecond),
    formatRate(point.answeredPerSecond),
    formatMs(point.p50Ms),
    formatMs(point.p95Ms),
    formatMs(point.p99Ms),
    formatShare(point.badShare),
  ])

/**
 * What a search for the load line found, for a terminal.
 * @returns lines, each with its line end
 */
export function renderLineText(found: LineResult, target: string, screen: TextScreen): string {
  const result = harmless(found)
  const paint = painter(screen)
  const look = looks[result.verdict]
  const head = paint.mark(look, `${words[result.verdict]}`)
  const table = alignColumns(
    [curveHeads, ...curveRows(result)],
    curveHeads.map(() => 'right' as const),
    screen.width - 2,
  )
  const facts = factsOf(result).flatMap(([name, value]) =>
    wrap(value, screen.width - 14).map((line, i) => `  ${(i === 0 ? name : '').padEnd(10)}  ${line}`),
  )
  return finishText(
    [
      ...wrap(`${lineHeadline(result)}`, screen.width - 4).map((line, i) =>
        i === 0 ? `${head}  ${line}` : `  ${line}`,
      ),
      `  ${harmless(target)}`,
      '',
      ...facts,
      ...(result.curve.length > 0
        ? ['', paint.bold('Latency curve'), ...table.map((line) => `  ${line}`)]
        : []),
    ],
    screen,
  )
}

/** The curve for the plot; undefined when there is no line in it. */
export function lineView({ curve, interval, ratePerSecond, goal }: LineResult): LoadLineView | undefined {
  if (interval === null || ratePerSecond === null) return undefined
  return { points: curve, goal, line: { ratePerSecond, low: interval.low, high: interval.high } }
}

/** The same as one HTML file that loads nothing. */
export function renderLineHtml(found: LineResult, aim: string, when: string): string {
  const result = harmless(found)
  const target = harmless(aim)
  const view = lineView(result)
  const look = looks[result.verdict]
  return drawPage(
    `Load line of ${target}`,
    html`
<section class="card verdict ${look}" aria-labelledby="verdict">
${drawMark(look)}
<div><h1 id="verdict"><span>Load line ${words[result.verdict]}</span>: ${lineHeadline(result)}</h1>
<p><code>${target}</code></p><p class="quiet">${when}</p></div></section>
${view && drawFigure(loadLinePlot(view))}
<section class="card" aria-labelledby="facts"><h2 id="facts">What else was seen</h2>
<dl>${factsOf(result).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>
<section class="card" aria-labelledby="curve"><h2 id="curve">Latency curve</h2>
${drawTable('Table of the latency curve', { heads: curveHeads, rows: curveRows(result) })}</section>`,
  )
}

const markdownMarks = { pass: '✅', fail: '❌', inconclusive: '❔' } as const

/** The same for a pull request. */
export function renderLineMarkdown(found: LineResult, aim: string): string {
  const result = harmless(found)
  const rows = [curveHeads, curveHeads.map(() => '---:'), ...curveRows(result)]
  return [
    `### ${markdownMarks[looks[result.verdict]]} Load line ${words[result.verdict]}: ${lineHeadline(result)}`,
    '',
    `\`${harmless(aim).replaceAll('`', '')}\``,
    '',
    ...factsOf(result).map(([name, value]) => `- ${name}: ${value}`),
    '',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
  ].join('\n')
}
