import { type Crossing, chanceWithin, nextTicket, noTicket } from '../../src/forecast/index.ts'
import { seededRandom } from '../../src/kernel/index.ts'
import { numberOption, textOption } from '../options.ts'
import { type Family, flat, growing, rare } from './families.ts'
import { dayMs, truthOf, type World } from './worlds.ts'

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

function ticketRow(name: string, family: Family, count: number, seed: number): void {
  const worlds = Array.from({ length: count }, (_, i) => family.make(seededRandom(seed).fork(`${name} ${i}`)))
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
  const seed = numberOption(args, 'seed', 2)
  const only = textOption(args, 'only') ?? ''
  const named = (families: Readonly<Record<string, Family>>) =>
    Object.entries(families).filter(([name]) => name.includes(only))
  if (count > 0) {
    console.log(
      `${'80 % intervals'.padEnd(24)}${columns(['futures', 'held', 'ends by share', 'median days', 'CPU ms'])}`,
    )
    for (const [name, family] of named(growing)) heldRow(name, family, count)
  }
  if (watchedCount === 0) return
  console.log(
    `\n${'a look each day'.padEnd(24)}${columns(['crossed', 'warned', 'days before', 'of at most', 'told', 'came', 'false/quarter', 'again/quarter'])}`,
  )
  for (const [name, family] of named({ ...growing, ...rare, ...flat }))
    ticketRow(name, family, watchedCount, seed)
}
