import type { LoadResult } from '../result.ts'
import { drawTable } from './figure.ts'
import { html, type Markup, nothing } from './markup.ts'
import { drawIcon, type Look } from './shell.ts'
import { type AccountLine, type CauseLine, type Summary, verdictWords } from './summary.ts'

type State = LoadResult['thresholds'][number]['is'] | LoadResult['verdict'] | LoadResult['generator']['is']
const looks: Readonly<Record<State, Look>> = {
  pass: 'ok',
  met: 'ok',
  sound: 'ok',
  fail: 'bad',
  missed: 'bad',
  saturated: 'bad',
  inconclusive: 'doubt',
  unknown: 'doubt',
}

const state = (is: State, word: string): Markup =>
  html`<span class="state ${looks[is]}">${drawIcon(looks[is])} ${word}</span>`

const card = (id: string, title: string, body: Markup): Markup => html`
<section class="card" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`

export const drawVerdict = (summary: Summary, when: string): Markup => html`
<section class="card verdict ${summary.verdict}" aria-labelledby="verdict">
${drawIcon(looks[summary.verdict])}
<div><h1 id="verdict"><span class="${looks[summary.verdict]}">Load test ${verdictWords[summary.verdict]}</span>: ${summary.headline}</h1>
<p><code>${summary.target}</code></p>
<p class="quiet">${summary.how}; ${when}</p>
${summary.stoppedEarly !== undefined && html`<p>Stopped early: ${summary.stoppedEarly}</p>`}
${summary.generator.is === 'saturated' && html`<p>${state('saturated', 'The generator was saturated')}: judge the service by another run.</p>`}
</div></section>`

const drawThresholds = ({ thresholds }: Summary): Markup =>
  thresholds.length === 0
    ? card('thresholds', 'Thresholds', html`<p>None was set: there was nothing to miss.</p>`)
    : card(
        'thresholds',
        'Thresholds',
        html`<div class="scroll" tabindex="0" role="region" aria-label="Table of thresholds"><table class="verdicts">
<thead><tr><th scope="col">Threshold</th><th scope="col">Is</th><th scope="col">Found</th></tr></thead>
<tbody>${thresholds.map(
          ({ text, is, value }) =>
            html`<tr><th scope="row"><code>${text}</code></th><td>${state(is, is)}</td><td>${value}</td></tr>`,
        )}</tbody></table></div>`,
      )

const drawReasons = ({ reasons }: Summary): Markup =>
  reasons.length === 0
    ? nothing
    : card(
        'reasons',
        'Reasons',
        html`<ul class="reasons">${reasons.map(
          ({ text, next }) =>
            html`<li><p>${text}</p>${next !== undefined && html`<p class="next">→ ${next}</p>`}</li>`,
        )}</ul>`,
      )

const isSome = ({ name, count }: AccountLine): boolean =>
  count !== '0' && ['failed', 'timed out', 'unsent', 'errors'].includes(name)

const drawAccount = ({ account, sums }: Summary): Markup =>
  card(
    'requests',
    'Requests',
    html`<table><thead class="unseen"><tr><th scope="col">Requests</th><th scope="col">Count</th><th scope="col">Share or rate</th></tr></thead>
<tbody>${account.map(
      (line) =>
        html`<tr${isSome(line) && html` class="some"`}><th scope="row" class="part${line.depth}">${line.name}</th><td>${line.count}</td><td>${line.note}</td></tr>`,
    )}</tbody></table>
${sums.map((sum) => html`<p class="quiet">${sum}</p>`)}`,
  )

const drawLatency = ({ latency, latencyHeads }: Summary): Markup =>
  card(
    'latency',
    'Latency',
    html`${drawTable('Table of latencies', {
      heads: ['', ...latencyHeads],
      rows: latency.map(({ name, values }) => [name, ...values]),
    })}
<dl class="quiet">${latency.map(({ name, meaning }) => html`<dt>${name}</dt><dd>${meaning}</dd>`)}</dl>`,
  )

const drawChecks = ({ checks }: Summary): Markup =>
  checks.length === 0
    ? nothing
    : card(
        'checks',
        'Checks',
        html`<table class="words"><thead class="unseen"><tr><th scope="col">Check</th><th scope="col">Is</th></tr></thead><tbody>${checks.map(
          ({ name, is, text }) =>
            html`<tr><th scope="row">${name}</th><td>${state(is, is === 'met' ? 'held' : 'not always')}, ${text}</td></tr>`,
        )}</tbody></table>`,
      )

const drawRequests = ({ requests, requestHeads }: Summary): Markup =>
  card(
    'by-name',
    'Requests by name',
    drawTable('Table of requests by name', {
      heads: ['', ...requestHeads],
      rows: requests.map(({ name, values }) => [name, ...values]),
    }),
  )

const drawCauses = (id: string, title: string, causes: readonly CauseLine[]): Markup =>
  causes.length === 0
    ? nothing
    : card(
        id,
        title,
        html`<table class="words"><thead class="unseen"><tr><th scope="col">Times</th><th scope="col">Because</th></tr></thead><tbody>${causes.map(
          ({ because, count }) => html`<tr><td>${count}</td><td>${because}</td></tr>`,
        )}</tbody></table>`,
      )

const drawFacts = ({ facts }: Summary): Markup =>
  card(
    'facts',
    'More of the run',
    html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`,
  )

const drawGenerator = ({ generator: { is, text, reasons } }: Summary): Markup =>
  card(
    'generator',
    'The generator itself',
    html`<p>${state(is, is)}</p>${reasons.map((reason) => html`<p>${reason}</p>`)}<p class="quiet">${text}</p>`,
  )

const pair = (...sections: readonly Markup[]): Markup => html`<div class="pair">${sections}</div>`

/** Everything but the verdict and the plots, in the order of the summary. */
export const drawSections = (summary: Summary): Markup => html`
${pair(drawThresholds(summary), drawReasons(summary))}
${pair(drawAccount(summary), drawLatency(summary))}
${pair(drawChecks(summary), drawRequests(summary))}
${pair(
  drawCauses('failures', 'Failures', summary.failures),
  drawCauses('scenario-errors', 'Errors of the scenario', summary.scenarioErrors),
)}
${pair(drawGenerator(summary), drawFacts(summary))}`
