import { formatDuration } from '../../../kernel/index.ts'
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

const marks = { pass: '✓', fail: '✗', inconclusive: '?' } as const

/** One figure as a row of cells; those of a figure that is only shown end early. */
function cellsOf(effect: Effect, p: number): readonly string[] {
  return [
    metricTitle[effect.metric],
    figureText(effect.metric, effect.base),
    figureText(effect.metric, effect.change),
    effect.estimate === null ? '–' : signedText(effect.estimate),
    effect.interval ? `95 %: ${intervalText(effect.interval)}` : '',
    pText(p),
    effect.margin === null ? '' : `margin ${sizeText(effect.margin)}: ${effect.verdict}`,
  ]
}

/** Columns as wide as their widest cell, figures to the right. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const width = (column: number) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))
  return rows.map((cells) =>
    cells
      .map((each, column) =>
        column > 0 && column < 4 ? each.padStart(width(column)) : each.padEnd(width(column)),
      )
      .join('  ')
      .trimEnd(),
  )
}

function rows(c: Comparison, names: Names): readonly (readonly string[])[] {
  return [
    ['', names.base, names.change, 'change', '', '', ''],
    cellsOf(c.primary, c.primary.p),
    ...c.secondary.map((effect) => cellsOf(effect, effect.pCorrected)),
  ]
}

function voidedLines(c: Comparison): readonly string[] {
  return c.rounds.voided.map((each) => `  round ${each.round} did not count: ${each.because}`)
}

/** The comparison for a terminal: verdict, reasons, numbers. Ends with a line feed; no colours. */
export function text(c: Comparison, names: Names): string {
  const looks = c.looks.length === 1 ? 'one look' : `${c.looks.length} looks`
  const seen = c.smallestEffect === null ? '' : `, could have seen ${sizeText(c.smallestEffect)}`
  return [
    `${marks[c.verdict]} ${c.verdict}: ${names.change} ${sentence(c, names)}`,
    ...c.reasons.map((reason) => `  ${reason.text}${reason.next ? `: ${reason.next}` : ''}`),
    '',
    ...aligned(rows(c, names)).map((line) => `  ${line}`),
    '',
    `  ${roundsText(c.rounds.used)} in ${formatDuration(c.elapsedMs)}, ${looks}${seen}`,
    ...voidedLines(c),
    '',
  ].join('\n')
}
