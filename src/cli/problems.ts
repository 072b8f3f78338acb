import { type ErrorCode, errorTable, oneLine, type PlimsollError, type Problem } from '../kernel/index.ts'
import type { Screen } from './command.ts'

/** How an error may look: what the screen can show. */
type Look = Pick<Screen, 'colour' | 'ascii'>

const red = 31
const bold = 1
const dim = 2

const paint = (text: string, code: number, { colour }: Look): string =>
  colour ? `\u001b[${code}m${text}\u001b[0m` : text

const toAscii: Readonly<Record<string, string>> = { '✗': 'x', '→': '->', '…': '...', '’': "'" }

/** Replaces the few characters outside ASCII that we use, where the screen cannot show them. */
const legible = (text: string, { ascii }: Look): string =>
  ascii ? text.replace(/[✗→…’]/g, (character) => toAscii[character] ?? '?') : text

/** What is wrong, in one sentence that names where it stands; it may quote any file's bytes. */
const sentence = ({ at, text }: Problem): string =>
  oneLine(at && !text.includes(at) ? `${at}: ${text}` : text)

/** Whoever has more of them than this has one problem: the wrong file, for example. */
const shown = 50

const question = ({ didYouMean }: Problem): readonly string[] =>
  didYouMean === undefined ? [] : [`Did you mean ${didYouMean}?`]

const below = (parts: readonly string[]): readonly string[] =>
  parts.length === 0 ? [] : [`  ${parts.join('   ')}`]

const placeOf = ({ place }: Problem): readonly string[] => (place === undefined ? [] : [place])

function headline(code: ErrorCode, text: string, look: Look): string {
  return `${paint(`✗ ${code}`, red, look)}  ${paint(text, bold, look)}`
}

function renderOne(code: ErrorCode, problem: Problem, look: Look): readonly string[] {
  const help = paint(`plimsoll help ${code}`, dim, look)
  const hint = problem.didYouMean === undefined ? below([errorTable[code].hint]) : []
  return [
    headline(code, sentence(problem), look),
    ...below([...placeOf(problem), ...question(problem), help]),
    ...hint,
  ]
}

function renderMany(code: ErrorCode, problems: readonly Problem[], look: Look): readonly string[] {
  const each = problems
    .slice(0, shown)
    .flatMap((problem) => [
      '',
      `  ${paint(sentence(problem), bold, look)}`,
      ...below([...placeOf(problem), ...question(problem)]),
    ])
  const help = paint(`plimsoll help ${code}`, dim, look)
  const left = problems.length - shown
  return [
    headline(code, `${problems.length} problems`, look),
    ...each,
    ...(left > 0 ? ['', `  and ${left} more, which --json names`] : []),
    '',
    ...below([errorTable[code].hint]),
    ...below([help]),
  ]
}

/**
 * An error as people read it, in five parts: what happened, where, what was found and allowed, how to mend it,
 * the code. Ends with a line break.
 */
export function renderError({ code, problems }: PlimsollError, look: Look): string {
  const [first = { text: errorTable[code].message }, ...more] = problems
  const lines = more.length === 0 ? renderOne(code, first, look) : renderMany(code, problems, look)
  return `${legible(lines.join('\n'), look)}\n`
}

/** Notes: nothing is refused for them. */
export function renderNotes(notes: readonly Problem[], look: Look): string {
  const lines = notes.flatMap((note) => [
    `! ${sentence(note)}`,
    ...below([...placeOf(note), ...question(note)]),
  ])
  return lines.length === 0 ? '' : `${legible(lines.join('\n'), look)}\n`
}

/** An error as scripts read it; the same document that the API answers with. */
export function errorDocument({ code, problems }: PlimsollError) {
  const { message, hint } = errorTable[code]
  return { schemaVersion: 1, error: { code, message, hint, problems } } as const
}

export const renderErrorJson = (error: PlimsollError): string => `${JSON.stringify(errorDocument(error))}\n`
