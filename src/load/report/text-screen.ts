import type { LoadResult } from '../result.ts'

export type TextScreen = {
  readonly colour: boolean
  /** Nothing but ASCII, for terminals that show no more. */
  readonly ascii: boolean
  /** Columns. */
  readonly width: number
}

/** SGR codes of the terminal. */
const colours = { bold: 1, dim: 2, ok: 32, fail: 31, warn: 33 } as const
type Colour = keyof typeof colours

const marks: Readonly<Record<Mark, readonly [icon: string, colour: Colour]>> = {
  pass: ['✓', 'ok'],
  met: ['✓', 'ok'],
  sound: ['✓', 'ok'],
  fail: ['✗', 'fail'],
  missed: ['✗', 'fail'],
  saturated: ['✗', 'fail'],
  inconclusive: ['?', 'warn'],
  unknown: ['?', 'warn'],
}
export type Mark =
  | LoadResult['verdict']
  | LoadResult['thresholds'][number]['is']
  | LoadResult['generator']['is']

const plain: Readonly<Record<string, string>> = {
  '✓': '+',
  '✗': 'x',
  '…': '~',
  '–': '-',
  '−': '-',
  '→': '>',
  µ: 'u',
  '’': "'",
}

export type Paint = (text: string, colour: Colour) => string

/** Padded before it is painted, as what paints has no width. */
export function markColumn(mark: Mark, word: string, width: number, paint: Paint): string {
  const [icon, colour] = marks[mark]
  return paint(`${icon} ${word}`.padEnd(width), colour)
}

/** What puts colours onto this screen. */
export function painter({ colour }: Pick<TextScreen, 'colour'>) {
  const paint: Paint = (text, tone) => (colour ? `\u001b[${colours[tone]}m${text}\u001b[0m` : text)
  return {
    paint,
    bold: (text: string): string => paint(text, 'bold'),
    mark: (mark: Mark, word: string): string => markColumn(mark, word, 0, paint),
  }
}

const toAscii = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII, with the escapes that paint
  text.replace(/[^\u0000-\u007f]/gu, (one) => plain[one] ?? '?')

/** Lines as the screen can show them, each with its line end. */
export function finishText(lines: readonly string[], { ascii }: Pick<TextScreen, 'ascii'>): string {
  const text = lines.map((line) => `${line.trimEnd()}\n`).join('')
  return ascii ? toAscii(text) : text
}
