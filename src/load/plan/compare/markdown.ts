import type { Comparison, Effect } from './comparison.ts'
import { sentence } from './sentence.ts'
import {
  figureText,
  intervalText,
  metricTitle,
  type Names,
  pText,
  roundsText,
  signedText,
  sizeText,
} from './wording.ts'

/** Marks by shape as well as colour, as everywhere. */
const marks = { pass: '✅ Pass', fail: '❌ Fail', inconclusive: '⚠️ Inconclusive' } as const

/** What stands in a cell must not end it, nor start anything else. */
const cell = (text: string): string => text.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/\s+/g, ' ')

function row(effect: Effect, p: number): string {
  return [
    metricTitle[effect.metric],
    figureText(effect.metric, effect.base),
    figureText(effect.metric, effect.change),
    effect.estimate === null ? '–' : signedText(effect.estimate),
    effect.interval ? intervalText(effect.interval) : '–',
    pText(p).replace('p = ', ''),
    effect.margin === null ? '–' : sizeText(effect.margin),
    effect.verdict ?? 'shown only',
  ].join(' | ')
}

function table(c: Comparison, names: Names): readonly string[] {
  return [
    `| | ${cell(names.base)} | ${cell(names.change)} | change | 95 % | p | margin | verdict |`,
    '|---|---:|---:|---:|---:|---:|---:|---|',
    `| ${row(c.primary, c.primary.p)} |`,
    ...c.secondary.map((effect) => `| ${row(effect, effect.pCorrected)} |`),
  ]
}

/** Rounds used and voided, as one line. */
function roundsLine(c: Comparison): string {
  const voids = c.rounds.voided
  const because = [...new Set(voids.map((each) => each.because))].map(cell).join(', ')
  const without = voids.length === 0 ? '' : `, ${voids.length} more did not count (${because})`
  const seen = c.smallestEffect === null ? '' : `; could have seen ${sizeText(c.smallestEffect)}`
  return `${roundsText(c.rounds.used)} in fresh instances, both sides in turn${without}${seen}.`
}

/** The comparison for a pull request: verdict first, then why, then a table. Markdown without HTML. */
export function markdown(c: Comparison, names: Names): string {
  return [
    `### ${marks[c.verdict]}: ${cell(names.change)} ${cell(sentence(c, names))}`,
    '',
    ...c.reasons.map((reason) => `- ${cell(reason.text)}${reason.next ? `: ${cell(reason.next)}` : ''}`),
    '',
    ...table(c, names),
    '',
    roundsLine(c),
    '',
  ].join('\n')
}
