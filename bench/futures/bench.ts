import {
  type Crossing,
  chanceWithin,
  crossing,
  nextTicket,
  noTicket,
  type Refusal,
  runsOut,
  type SpecialDay,
  type TicketRules,
} from '../../src/forecast/index.ts'
import { type Random, seededRandom } from '../../src/kernel/index.ts'
import { numberOption } from '../options.ts'
import { budgetRules, ends, spending } from './budgets.ts'
import { leak } from './leaks.ts'
import { dayMs, filling, historyOf, requests, truthOf, type World } from './worlds.ts'

type Look = (world: World, days: number) => Crossing | Refusal
type Family = {
  readonly make: (random: Random) => World
  readonly look: Look
  /** As its own finding has it. */
  readonly rules?: TicketRules
}

const deadlinesOf = ({ deadlines }: World): readonly SpecialDay[] =>
  deadlines.map((day) => ({ from: day * dayMs, kind: 'deadline' }))

const crosses: Look = (world, days) =>
  crossing(historyOf(world, days), world.line, { days: deadlinesOf(world) })
const fills: Look = (world, days) => runsOut(historyOf(world, days), world.line)
/** What reaches its limit is killed. */
const leaks: Look = (world, days) => runsOut(historyOf(world, days), world.line, { killsFrom: 0.98 })

const growing: Readonly<Record<string, Family>> = {
  'growth, weekdays': { make: (random) => requests(random, {}), look: crosses },
  'and deadlines': { make: (random) => requests(random, { hasDeadlines: true }), look: crosses },
  'and a change of level': { make: (random) => requests(random, { hasShift: true }), look: crosses },
  'growth that wanders': { make: (random) => requests(random, { wander: 0.02 }), look: crosses },
  'disk that fills': { make: (random) => filling(random, {}), look: fills },
  'disk with clean-ups': { make: (random) => filling(random, { cleanUps: 'some' }), look: fills },
  'leak with restarts': { make: (random) => filling(random, { cleanUps: 'to the ground' }), look: leaks },
}

/** Asked for tickets only. */
const rare: Readonly<Record<string, Family>> = {
  'leak its limit ends': {
    make: (random) => leak(random, { every: [500, 500], room: [0.01, 0.05] }),
    look: leaks,
  },
  'and restarts, too late': { make: (random) => leak(random, { room: [0.7, 1.3] }), look: leaks },
  'and a pause of restarts': {
    make: (random) => leak(random, { room: [1.6, 4], pauses: true }),
    look: leaks,
  },
  'budget, faster': {
    make: (random) => spending(random, { usual: [0.1, 0.6], becomes: [1.2, 3] }),
    look: ends,
    rules: budgetRules,
  },
  'budget, incidents': {
    make: (random) => spending(random, { usual: [0.05, 0.4], monthly: [0.7, 2], each: [0.15, 0.6] }),
    look: ends,
    rules: budgetRules,
  },
}

const flat: Readonly<Record<string, Family>> = {
  'no growth, line near': {
    make: (random) => requests(random, { growth: [0, 0], room: [1.35, 1.8], hasDeadlines: false }),
    look: crosses,
  },
  'no growth, wanders': {
    make: (random) => requests(random, { growth: [0, 0], wander: 0.02, room: [1.6, 2.2] }),
    look: crosses,
  },
  'growth, line far': { make: (random) => requests(random, { daysAway: [150, 190] }), look: crosses },
  'and deadlines, line near': {
    make: (random) => requests(random, { growth: [0, 0], room: [2, 2.6], hasDeadlines: true }),
    look: crosses,
  },
  'leak restarted in time': { make: (random) => leak(random, { room: [1.6, 4] }), look: leaks },
  'budget burned evenly': {
    make: (random) => spending(random, { usual: [0.3, 0.9] }),
    look: ends,
    rules: budgetRules,
  },
  'budget, small incidents': {
    make: (random) => spending(random, { usual: [0.05, 0.4], monthly: [0.5, 1.2], each: [0.05, 0.2] }),
    look: ends,
    rules: budgetRules,
  },
  'full but steady disk': { make: (random) => filling(random, { isFlat: true }), look: fills },
}

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
const share = (values: readonly boolean[]): string =>
  `${((100 * values.filter(Boolean).length) / Math.max(1, values.length)).toFixed(1)} %`

const futureDay = ({ horizonDays }: Crossing, world: World): number => {
  const day = truthOf(world, world.known) - world.known
  return day < horizonDays ? day : Number.POSITIVE_INFINITY
}

/** Whether the truth lay within the 80 % interval, its first and last day included; beyond the horizon is never. */
function isHeld(seen: Crossing, world: World): boolean {
  const end = (at: number | undefined) =>
    at === undefined ? Number.POSITIVE_INFINITY : (at - seen.from) / dayMs
  const truth = futureDay(seen, world)
  return truth >= end(seen.early) && truth <= end(seen.late)
}

/**
 * How much of 80 % the truth lay in: where many futures share a day, such as a deadline, the days at the ends of the interval count by
 * their share. It is 80 % on average for a forecast that is right, and more cannot be asked of whole days.
 */
function shareHeld({ days, futures, ...seen }: Crossing, world: World): number {
  const truth = futureDay({ days, futures, ...seen }, world)
  const before = days.filter((day) => day < truth).length / futures
  const on =
    truth === Number.POSITIVE_INFINITY ? 1 - before : days.filter((day) => day === truth).length / futures
  if (on === 0) return before >= 0.1 && before <= 0.9 ? 1 : 0
  return Math.max(0, Math.min(0.9, before + on) - Math.max(0.1, before)) / on
}

type Watched = {
  readonly warningDays: number | undefined
  /** How likely it was said to be within the lead time, of each ticket, and whether it came within it. */
  readonly opened: readonly { readonly told: number; readonly cameIn: number }[]
}

/** A ticket that opens so many days before nothing was false. */
const quarter = 90
const leadDays = 30
/** A ticket takes two looks. */
const looks = 2

/** Looks each day until the line is crossed, or for a quarter. */
function watch(world: World, { look, rules = {} }: Family): Watched {
  const truth = truthOf(world, world.known)
  const until = Math.min(truth, world.known + quarter)
  let state = noTicket
  let warning: number | undefined
  const opened: { told: number; cameIn: number }[] = []
  for (let day = world.known; day < until; day++) {
    const seen = look(world, day)
    const before = state
    state = nextTicket(state, seen.is === 'refused' ? undefined : seen, day, rules)
    if (!state.isOpen || before.isOpen || seen.is === 'refused') continue
    opened.push({ told: chanceWithin(seen, leadDays), cameIn: truth - day })
    warning ??= truth - day
  }
  return { warningDays: state.isOpen ? warning : undefined, opened }
}

const columns = (cells: readonly string[]): string => cells.map((cell) => cell.padStart(14)).join('')

function heldRow(name: string, { make, look }: Family, count: number): void {
  const began = process.cpuUsage().user
  const worlds = Array.from({ length: count }, (_, i) => make(seededRandom(1).fork(`${name} ${i}`)))
  const looks = worlds.map((world) => [world, look(world, world.known)] as const)
  const said = looks.flatMap(([world, seen]) => (seen.is === 'crossing' ? [[world, seen] as const] : []))
  const widths = said.map(([, { early, late, from, horizonDays }]) => {
    const end = late ?? from + horizonDays * dayMs
    return (end - (early ?? end)) / dayMs
  })
  const cpu = (process.cpuUsage().user - began) / 1_000 / count
  const shares = said.reduce((sum, [world, seen]) => sum + shareHeld(seen, world), 0)
  const held = said.map(([world, seen]) => isHeld(seen, world))
  console.log(
    name.padEnd(24) +
      columns([
        `${count}`,
        share(held),
        `${((100 * shares) / said.length).toFixed(1)} %`,
        middle(widths).toFixed(0),
        cpu.toFixed(1),
      ]),
  )
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

function ticketRow(name: string, family: Family, count: number): void {
  const worlds = Array.from({ length: count }, (_, i) => family.make(seededRandom(2).fork(`${name} ${i}`)))
  const watched = worlds.map((world) => [world, watch(world, family)] as const)
  const daysLeft = (world: World) => truthOf(world, world.known) - world.known
  const crossed = watched.filter(([world]) => daysLeft(world) < quarter)
  const could = crossed.filter(([world]) => daysLeft(world) >= looks)
  const warned = could.flatMap(([, { warningDays }]) => warningDays ?? [])
  const opened = watched.flatMap(([, one]) => one.opened)
  const quarters = watched.reduce((sum, [world]) => sum + Math.min(quarter, daysLeft(world)) / quarter, 0)
  const again = watched.reduce((sum, [, one]) => sum + Math.max(0, one.opened.length - 1), 0)
  const untrue = opened.filter(({ cameIn }) => cameIn > quarter)
  const dash = (has: boolean, said: () => string): string => (has ? said() : '–')
  const percent = (part: number): string => `${(100 * part).toFixed(0)} %`
  console.log(
    name.padEnd(24) +
      columns([
        `${crossed.length} of ${count}`,
        dash(could.length > 0, () => `${warned.length} of ${could.length}`),
        dash(warned.length > 0, () => middle(warned).toFixed(0)),
        dash(could.length > 0, () => middle(could.map(([world]) => daysLeft(world))).toFixed(0)),
        dash(opened.length > 0, () => percent(meanOf(opened.map(({ told }) => told)))),
        dash(opened.length > 0, () =>
          percent(opened.filter(({ cameIn }) => cameIn < leadDays).length / opened.length),
        ),
        (untrue.length / quarters).toFixed(3),
        (again / quarters).toFixed(3),
      ]),
  )
}

/** Simulated futures with known truth: whether intervals hold it, how early one is warned, how often in vain. */
export function run(args: readonly string[]): void {
  const count = numberOption(args, 'futures', 400)
  const watchedCount = numberOption(args, 'watched', 40)
  console.log(
    `${'80 % intervals'.padEnd(24)}${columns(['futures', 'held', 'ends by share', 'median days', 'CPU ms'])}`,
  )
  for (const [name, family] of Object.entries(growing)) heldRow(name, family, count)
  if (watchedCount === 0) return
  console.log(
    `\n${'a look each day'.padEnd(24)}${columns(['crossed', 'warned', 'days before', 'of at most', 'told', 'came', 'false/quarter', 'again/quarter'])}`,
  )
  for (const [name, family] of Object.entries({ ...growing, ...rare, ...flat }))
    ticketRow(name, family, watchedCount)
}
