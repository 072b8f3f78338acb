import type { LoadResult } from '../result.ts'
import { drawFigure } from './figure.ts'
import { formatMoment } from './format.ts'
import type { LoadLineView } from './load-line.ts'
import { html } from './markup.ts'
import { latencyHistogram } from './plots/latency-histogram.ts'
import { latencyOverTime } from './plots/latency-over-time.ts'
import { loadLinePlot } from './plots/load-line-plot.ts'
import { requestsOverTime } from './plots/requests-over-time.ts'
import { drawSections, drawVerdict } from './sections.ts'
import { styleSheet } from './style.ts'
import { summarise, verdictWords } from './summary.ts'

const mark = html`<svg aria-hidden="true" width="30" height="20" viewBox="0 0 30 20" fill="none" stroke-width="2.5"><circle cx="15" cy="10" r="7"/><path d="M1 10H29"/></svg>`

/**
 * The report of a load test as one HTML file: nothing in it is loaded from elsewhere, and it needs no script.
 * @param line the load line that the test belongs to, if it was searched for
 */
export function renderHtml(result: LoadResult, line?: LoadLineView): string {
  const summary = summarise(result)
  const figures = [
    ...(line ? [loadLinePlot(line)] : []),
    latencyOverTime(result.seconds),
    latencyHistogram(result.response),
    requestsOverTime(result.seconds),
  ]
  return `<!doctype html>\n${
    html`<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${verdictWords[summary.verdict]}: load test of ${summary.target}</title>
<style>${{ markup: styleSheet }}</style></head>
<body><header class="brand">${mark}Plimsoll load test</header>
<main>
${drawVerdict(summary, formatMoment(result.startedAt))}
${drawSections(summary)}
${figures.map(drawFigure)}
</main></body></html>`.markup
  }\n`
}
