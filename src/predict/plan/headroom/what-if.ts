import {
  earliestAt,
  isRealTime,
  type LocalTime,
  localAt,
  localWeekday,
  nearest,
  type Problem,
  plusDays,
} from '../../../kernel/index.ts'
import type { Around } from '../dates.ts'
import type { Assumed, Moment } from './assumed.ts'
import { readSize, type SizeGiven } from './size-text.ts'

/** What can be assumed, as people write it. */
export const whatIfExamples = [
  'friday 12:00 x2',
  '2026-12-04 12:00 x2',
  'one instance less',
  '2 instances more',
  'cpus 2',
  'memory 4GiB',
  'size 2 cpus 4GiB',
  'grows 5 % a week',
  'release 5b1f0c9',
] as const

const accepted = `expected ${whatIfExamples
  .slice(0, -1)
  .map((one) => `'${one}'`)
  .join(', ')} or '${whatIfExamples.at(-1)}'`

type Part =
  | { readonly is: 'moment'; readonly moment: Moment }
  | { readonly is: 'instances'; readonly by: number }
  | ({ readonly is: 'size' } & SizeGiven)
  | { readonly is: 'growth'; readonly perWeek: number }
  | { readonly is: 'release'; readonly release: string }

/** One of them, in words that follow `if`, or what is wrong with it. */
type Read = { readonly part: Part; readonly says: string } | Omit<Problem, 'at'>

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const numbers = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'] as const
const dayMs = 86_400_000
const horizonMs = 180 * dayMs
const mostTimes = 1_000

const two = (n: number): string => String(n).padStart(2, '0')

function momentText(time: LocalTime, timeZone: string): string {
  const weekday = weekdays[localWeekday(time)] ?? ''
  const name = `${weekday.slice(0, 1).toUpperCase()}${weekday.slice(1)}`
  const date = `${time.year}-${two(time.month)}-${two(time.day)}`
  return `${name} ${date} ${two(time.hour)}:${two(time.minute)} (${timeZone})`
}

/** The next day of a weekday at an hour, where clocks show the time of the zone. */
function nextOf(weekday: number, clock: Pick<LocalTime, 'hour' | 'minute'>, around: Around): LocalTime {
  const today = localAt(around.timeZone, around.now)
  const ahead = (weekday - localWeekday(today) + 7) % 7
  const then = { ...plusDays(today, ahead), ...clock }
  return earliestAt(around.timeZone, then) > around.now ? then : plusDays(then, 7)
}

const pattern = {
  moment: /^(?:([a-z]+)|(\d{4})-(\d\d)-(\d\d)) (\d\d?):(\d\d) ?[x×*] ?(\d+(?:\.\d+)?)$/,
  instances: /^(\d+|[a-z]+) instances? (less|fewer|more)$/,
  growth: /^(grows|shrinks)(?: by)? (\d+(?:\.\d+)?) ?% (?:a|per|each) (week|month|year)$/,
  release: /^release ((?:sha256:)?[0-9a-f]+)$/,
} as const

function timeOf(found: RegExpExecArray, around: Around): LocalTime | Omit<Problem, 'at'> {
  const [, name, year, month, day, hour, minute] = found
  const clock = { hour: Number(hour), minute: Number(minute) }
  if (name === undefined) {
    const time = { year: Number(year), month: Number(month), day: Number(day), ...clock }
    return isRealTime(time) ? time : { text: `'${found[0]}' names a time that there is not` }
  }
  const matches = weekdays.filter((one) => name.length >= 3 && one.startsWith(name))
  const [weekday] = matches
  if (weekday === undefined) {
    const didYouMean = nearest(name, weekdays)
    return { text: `'${name}' is no weekday`, ...(didYouMean === undefined ? {} : { didYouMean }) }
  }
  if (clock.hour > 23 || clock.minute > 59) return { text: `'${found[0]}' names a time that there is not` }
  return nextOf(weekdays.indexOf(weekday), clock, around)
}

function readMoment(found: RegExpExecArray, around: Around): Read {
  const time = timeOf(found, around)
  if ('text' in time) return time
  const times = Number(found[7])
  if (!(times > 0 && times <= mostTimes))
    return { text: `'${found[0]}' is ${times} times as much, expected more than 0 and at most ${mostTimes}` }
  const at = earliestAt(around.timeZone, time)
  const text = momentText(time, around.timeZone)
  if (at <= around.now) return { text: `${text} is past, expected a time to come` }
  if (at >= around.now + horizonMs - dayMs)
    return { text: `${text} is too far ahead, expected a time within 179 days` }
  return {
    part: { is: 'moment', moment: { at, times, text } },
    says: `${times} times as much comes on ${text}`,
  }
}

const countOf = (text: string): number =>
  /^\d+$/.test(text) ? Number(text) : numbers.indexOf(text as (typeof numbers)[number]) + 1

function readInstances(found: RegExpExecArray): Read {
  const [all, count = '', direction] = found
  const n = countOf(count)
  if (!(n >= 1 && n <= 10_000)) return { text: `'${all}' says no number of instances, ${accepted}` }
  const isMore = direction === 'more'
  return {
    part: { is: 'instances', by: isMore ? n : -n },
    says: `there ${n === 1 ? 'is one instance' : `are ${n} instances`} ${isMore ? 'more' : 'less'}`,
  }
}

/** Undefined: it speaks of no size. */
function sizeOf(plain: string): Read | undefined {
  const read = readSize(plain)
  if (!read || 'text' in read) return read
  return { part: { is: 'size', ...read.size }, says: `each instance has ${read.said}` }
}

const weeksIn = { week: 1, month: 365.25 / 12 / 7, year: 365.25 / 7 } as const

function readGrowth(found: RegExpExecArray): Read {
  const [all, verb, percent, per = 'week'] = found
  const share = ((verb === 'shrinks' ? -1 : 1) * Number(percent)) / 100
  if (share <= -1 || share > 10)
    return { text: `'${all}' is more than there is, expected less than 100 % down and at most 1000 % up` }
  const perWeek = (1 + share) ** (1 / weeksIn[per as keyof typeof weeksIn]) - 1
  return { part: { is: 'growth', perWeek }, says: `it ${verb} by ${Number(percent)} % a ${per}` }
}

function readOne(text: string, around: Around): Read {
  const plain = text.trim().toLowerCase().replace(/\s+/g, ' ')
  const moment = pattern.moment.exec(plain)
  if (moment) return readMoment(moment, around)
  const instances = pattern.instances.exec(plain)
  if (instances) return readInstances(instances)
  const size = sizeOf(plain)
  if (size) return size
  const growth = pattern.growth.exec(plain)
  if (growth) return readGrowth(growth)
  const [, release] = pattern.release.exec(plain) ?? []
  if (release !== undefined) return { part: { is: 'release', release }, says: `release ${release} runs` }
  return { text: `'${text}' cannot be read, ${accepted}` }
}

type Good = Extract<Read, { readonly part: Part }>

/** Each may be said once: two growths are none. */
const once = {
  growth: 'growths',
  release: 'releases',
  cpus: 'numbers of CPUs',
  memoryBytes: 'amounts of memory',
} as const

const saysOf = (kind: keyof typeof once, part: Part): boolean =>
  kind === 'growth' || kind === 'release' ? part.is === kind : part.is === 'size' && part[kind] !== undefined

function together(read: readonly Good[]): Assumed {
  const parts = read.map(({ part }) => part)
  const growth = parts.find((part) => part.is === 'growth')
  const release = parts.find((part) => part.is === 'release')
  const sizes = parts.flatMap((part) => {
    const { is, ...size } = part
    return is === 'size' ? [size] : []
  })
  return {
    says: read.map(({ says }) => says),
    instances: parts.reduce((sum, part) => sum + (part.is === 'instances' ? part.by : 0), 0),
    moments: parts.flatMap((part) => (part.is === 'moment' ? [part.moment] : [])),
    ...(sizes.length > 0 ? { size: Object.assign({}, ...sizes) } : {}),
    ...(growth ? { growthPerWeek: growth.perWeek } : {}),
    ...(release ? { release: release.release } : {}),
  }
}

/**
 * Reads what somebody wants to have assumed, all of it together.
 * @param texts such as `friday 12:00 x2`; see `whatIfExamples`
 * @returns what is assumed, or all that cannot be read
 */
export function readWhatIf(
  texts: readonly string[],
  around: Around,
): { readonly assumed: Assumed } | { readonly problems: readonly Problem[] } {
  const read = texts.map((text) => readOne(text, around))
  const good = read.filter((one): one is Good => 'part' in one)
  const problems = read.flatMap((one, i) => ('part' in one ? [] : [{ at: `whatIf[${i}]`, ...one }]))
  const twice = (Object.keys(once) as (keyof typeof once)[]).flatMap((kind) => {
    const count = good.filter(({ part }) => saysOf(kind, part)).length
    return count > 1 ? [{ at: 'whatIf', text: `names ${count} ${once[kind]}, expected one` }] : []
  })
  const all = [...problems, ...twice]
  return all.length > 0 ? { problems: all } : { assumed: together(good) }
}
