/** A month of the calendar; January is 1. */
export type Month = { readonly year: number; readonly month: number }

/** A day that comes again and again. */
export type Rule = {
  /** Whether it depends on which days people work. */
  readonly asksWork: boolean
  /** Its day of a month; undefined when there is none in it. */
  readonly dayIn: (month: Month, isWorkday: (day: number) => boolean) => number | undefined
}

const weekdayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const monthNames = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july'],
  ...['august', 'september', 'october', 'november', 'december'],
]
const ordinals = ['first', 'second', 'third', 'fourth']

const daysIn = ({ year, month }: Month): readonly number[] =>
  Array.from({ length: new Date(Date.UTC(year, month, 0)).getUTCDate() }, (_, i) => i + 1)

const weekdayIn = ({ year, month }: Month, day: number): string =>
  weekdayNames[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] as string

/** `first` to `fourth`, or `last`, of some days. */
const pick = (days: readonly number[], which: string): number | undefined =>
  days.at(which === 'last' ? -1 : ordinals.indexOf(which))

const usual = (dayIn: Rule['dayIn']): Rule => ({ asksWork: false, dayIn })
const working = (dayIn: Rule['dayIn']): Rule => ({ asksWork: true, dayIn })

const which = `(${[...ordinals, 'last'].join('|')})`
const forms: readonly (readonly [RegExp, (...found: string[]) => Rule])[] = [
  [/^day ([1-9]|[12]\d|3[01])$/, (n) => usual((month) => daysIn(month).find((day) => day === Number(n)))],
  [/^last day$/, () => usual((month) => daysIn(month).at(-1))],
  [
    new RegExp(`^${which} working day$`),
    (nth = '') =>
      working((month, isWorkday) =>
        pick(
          daysIn(month).filter((day) => isWorkday(day)),
          nth,
        ),
      ),
  ],
  [
    /^last working day by day ([1-9]|[12]\d|3[01])$/,
    (n) => working((month, isWorkday) => daysIn(month).findLast((day) => day <= Number(n) && isWorkday(day))),
  ],
  [
    new RegExp(`^${which} (${weekdayNames.join('|')})$`),
    (nth = '', weekday) =>
      usual((month) =>
        pick(
          daysIn(month).filter((day) => weekdayIn(month, day) === weekday),
          nth,
        ),
      ),
  ],
  [
    new RegExp(`^([1-9]|[12]\\d|3[01]) (${monthNames.join('|')})$`),
    (n, name) =>
      usual((month) =>
        monthNames[month.month - 1] === name ? daysIn(month).find((day) => day === Number(n)) : undefined,
      ),
  ],
]

/** Examples of each form, for people who wrote something else. */
export const ruleExamples: readonly string[] = [
  ...['last working day', 'last working day by day 28', 'day 28', 'last day', 'last friday', '31 january'],
]

/** What is meant by `last working day`, `day 28`, `31 january` and the like; undefined when it is none. */
export function readRule(text: string): Rule | undefined {
  const words = text.trim().toLowerCase().split(/\s+/).join(' ')
  for (const [shape, make] of forms) {
    const found = shape.exec(words)
    if (found) return make(...found.slice(1))
  }
  return undefined
}
