/** One property of an iCalendar file (RFC 5545), with the line on which it begins. */
export type CalendarLine = {
  readonly line: number
  readonly name: string
  readonly parameters: Readonly<Record<string, string>>
  readonly value: string
}

/** What cannot be read, and on which line. */
export class CalendarProblem extends Error {
  readonly line: number

  constructor(line: number, text: string) {
    super(text)
    this.line = line
  }
}

type Unfolded = { readonly line: number; readonly text: string }

/** A line that begins with a blank goes on with the one before. */
function unfold(text: string): Unfolded[] {
  const whole: { line: number; text: string }[] = []
  for (const [i, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const last = whole.at(-1)
    if (/^[ \t]/.test(raw) && last) last.text += raw.slice(1)
    else whole.push({ line: i + 1, text: raw })
  }
  return whole.filter((one) => one.text.trim() !== '')
}

const propertyShape =
  /^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):(.*)$/s
const parameterShape = /;([A-Za-z0-9-]+)=("[^"]*"|[^";:]*)/g

function readLine({ line, text }: Unfolded): CalendarLine {
  const [, name, parameters = '', value = ''] = propertyShape.exec(text) ?? []
  if (name === undefined)
    throw new CalendarProblem(line, `is '${text.slice(0, 40)}', expected NAME:value, as iCalendar has it`)
  const found = [...parameters.matchAll(parameterShape)].map(([, key = '', quoted = '']) => [
    key.toUpperCase(),
    quoted.replace(/^"|"$/g, ''),
  ])
  return { line, name: name.toUpperCase(), parameters: Object.fromEntries(found), value }
}

/**
 * The properties of a file, in order, lines that were folded in one.
 * @throws CalendarProblem
 */
export const readLines = (text: string): readonly CalendarLine[] => unfold(text).map(readLine)

/** `\\,` and the like in texts. */
export const plainText = (value: string): string =>
  value.replace(/\\([\\;,nN])/g, (_all, escaped: string) => (/n/i.test(escaped) ? ' ' : escaped)).trim()
