import { expect, test } from 'vitest'
import type { Drift, History } from './finding.ts'
import { historySentence } from './sentence.ts'

const drift: Drift = { first: 'a', last: 'z', releases: 18, ratio: -0.14, p: 0.002, isGoingOn: true }
const lower = { release: '3f2a…', ratio: -0.11, p: 0.001 }
const higher = { release: '77b0…', ratio: 0.05, p: 0.0004 }
const more = { ratio: 0.04, interval: { low: -0.02, high: 0.11 } }

const sentenceOf = (found: Partial<History>, releases = 12): string =>
  historySentence({ points: [], total: more, shifts: [], drift: null, leftOut: [], ...found }, releases)

const leftOut = (count: number): History['leftOut'] =>
  Array.from({ length: count }, (_, at) => ({ release: `r${at}`, comparison: `c${at}` }))

test.each<[string, Partial<History>, number?]>([
  ['carries 4 % more than 12 releases ago (95 %: −2 % to +11 %); no lasting change', {}],
  [
    'carries 2 % less than the release before (95 %: −4 % to 0 %); no lasting change',
    { total: { ratio: -0.02, interval: { low: -0.04, high: 0 } } },
    1,
  ],
  [
    'carries as much as 12 releases ago (95 %: −2 % to +2 %); no lasting change',
    { total: { ratio: 0.0004, interval: { low: -0.02, high: 0.02 } } },
  ],
  [
    'carries 9 % less than 12 releases ago (95 %: 2–15 %); no single change stands out',
    { total: { ratio: -0.09, interval: { low: -0.15, high: -0.02 } } },
  ],
  ['carries 11 % less since 3f2a… (p = 0.001)', { shifts: [lower] }],
  [
    'carries 11 % less since 3f2a… (p = 0.001) and 5 % more since 77b0… (p < 0.001)',
    { shifts: [lower, higher] },
  ],
  ['has lost 14 % over the last 18 releases, a little with each', { drift }],
  ['lost 14 % over 18 releases up to z, a little with each', { drift: { ...drift, isGoingOn: false } }],
  ['has gained 14 % over the last 18 releases, a little with each', { drift: { ...drift, ratio: 0.14 } }],
  [
    'carries 11 % less since 3f2a… (p = 0.001), 5 % more since 77b0… (p < 0.001) and has lost 14 % over the last 18 releases, a little with each',
    { shifts: [lower, higher], drift },
  ],
  ['no release that ran here was compared yet', { total: null }, 0],
  [
    'no release that ran here was compared yet; one release could not be compared',
    { total: null, leftOut: leftOut(1) },
    1,
  ],
  [
    'carries 4 % more than 12 releases ago (95 %: −2 % to +11 %); no lasting change; 2 releases could not be compared',
    { leftOut: leftOut(2) },
  ],
])('%s', (text, found, releases) => expect(sentenceOf(found, releases)).toBe(text))
