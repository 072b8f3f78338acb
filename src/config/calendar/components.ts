import { type CalendarLine, CalendarProblem } from './lines.ts'

/** What stands between BEGIN and END; of what is nested in it, nothing. */
export type Component = {
  readonly name: string
  readonly line: number
  readonly lines: readonly CalendarLine[]
}

type Open = { name: string; line: number; lines: CalendarLine[] }

function close(open: Open[], { line, value }: CalendarLine): Component {
  const last = open.pop()
  if (last?.name !== value.toUpperCase())
    throw new CalendarProblem(line, `ends ${value}, expected the end of ${last?.name ?? 'nothing'}`)
  return last
}

/**
 * All components of a calendar, whatever they are nested in.
 * @throws CalendarProblem when they are not nested, or it is no calendar
 */
export function componentsIn(lines: readonly CalendarLine[]): readonly Component[] {
  const open: Open[] = []
  const closed: Component[] = []
  for (const one of lines) {
    if (one.name === 'BEGIN') open.push({ name: one.value.toUpperCase(), line: one.line, lines: [] })
    else if (one.name === 'END') closed.push(close(open, one))
    else if (open.length === 0)
      throw new CalendarProblem(one.line, 'stands outside, expected BEGIN:VCALENDAR')
    else open.at(-1)?.lines.push(one)
  }
  const [left] = open
  if (left) throw new CalendarProblem(left.line, `begins ${left.name}, which never ends`)
  if (!closed.some(({ name }) => name === 'VCALENDAR'))
    throw new CalendarProblem(1, 'holds no calendar, expected BEGIN:VCALENDAR')
  return closed
}

/** The property of that name; undefined when there is none. */
export const propertyOf = ({ lines }: Component, name: string): CalendarLine | undefined =>
  lines.find((one) => one.name === name)

export const propertiesOf = ({ lines }: Component, name: string): readonly CalendarLine[] =>
  lines.filter((one) => one.name === name)
