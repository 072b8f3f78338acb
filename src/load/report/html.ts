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
import { drawPage } from './shell.ts'
import { summarise, verdictWords } from './summary.ts'

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
  return drawPage(
    `${verdictWords[summary.verdict]}: load test of ${summary.target}`,
    html`${drawVerdict(summary, formatMoment(result.startedAt))}
${drawSections(summary)}
${figures.map(drawFigure)}`,
  )
}
