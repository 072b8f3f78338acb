import { CalendarProblem } from './calendar/lines.ts'
import { readCalendar, readCalendarDays } from './calendar/read-calendar.ts'
import { type Finding, finding } from './finding.ts'
import { readRepositoryFile } from './repositoryFiles.ts'
import type { ServiceConfig } from './schema.ts'

type Environment = ServiceConfig['environments'][string]
type Gate = Environment['gates'][number]
type Days = ServiceConfig['predict']['days'][number]
type Read<T> = { readonly value: T; readonly problem?: string }

/** Half a year, and a week: forecasts look no further back. */
const lookBackMs = 190 * 86_400_000

/** What a file of the repository makes of a value, or what is wrong with the file. */
async function withFile<T>(
  folder: string,
  file: string,
  value: T,
  read: (text: string) => T,
): Promise<Read<T>> {
  const text = await readRepositoryFile(folder, file)
  if (text === undefined)
    return { value, problem: `is '${file}', expected a file of the repository, of at most 1 MB` }
  try {
    return { value: read(text) }
  } catch (error) {
    if (!(error instanceof CalendarProblem)) throw error
    return { value, problem: `is '${file}', whose line ${error.line} ${error.message}` }
  }
}

/** The gate with the windows of its calendar beside its own. */
async function expand(gate: Gate, folder: string, now: number): Promise<Read<Gate>> {
  if (typeof gate === 'string' || gate.kind !== 'freeze' || gate.calendar === undefined)
    return { value: gate }
  const { calendar, timeZone, windows } = gate
  return withFile<Gate>(folder, calendar, gate, (text) => ({
    ...gate,
    windows: [...windows, ...readCalendar(text, calendar, timeZone, now)],
  }))
}

/** Special days with the dates of their calendar, past ones too. */
async function expandDays(days: Days, timeZone: string, folder: string, now: number): Promise<Read<Days>> {
  if (days.calendar === undefined) return { value: days }
  return withFile<Days>(folder, days.calendar, days, (text) => ({
    ...days,
    on: [...readCalendarDays(text, timeZone, { from: now - lookBackMs, now })],
  }))
}

/**
 * Reads the calendars of all freezes and of special days: afterwards a configuration holds their windows and dates, and needs
 * no file any more.
 * @param folder of the repository that the configuration is from
 */
export async function withCalendars(
  config: ServiceConfig,
  folder: string,
  now: number,
): Promise<{ readonly config: ServiceConfig; readonly problems: readonly Finding[] }> {
  const problems: Finding[] = []
  const environments: Record<string, Environment> = {}
  const { timeZone } = config.predict
  const days = await Promise.all(config.predict.days.map((one) => expandDays(one, timeZone, folder, now)))
  for (const [i, { problem }] of days.entries())
    if (problem !== undefined) problems.push(finding(['predict', 'days', i, 'calendar'], problem))
  for (const [name, environment] of Object.entries(config.environments)) {
    const read = await Promise.all(environment.gates.map((gate) => expand(gate, folder, now)))
    environments[name] = { ...environment, gates: read.map(({ value }) => value) }
    for (const [i, { problem }] of read.entries())
      if (problem !== undefined)
        problems.push(finding(['environments', name, 'gates', i, 'calendar'], problem))
  }
  const predict = { ...config.predict, days: days.map(({ value }) => value) }
  return { config: { ...config, predict, environments }, problems }
}
