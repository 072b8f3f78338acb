import { CalendarProblem } from './calendar/lines.ts'
import { readCalendar } from './calendar/read-calendar.ts'
import { type Finding, finding } from './finding.ts'
import { readRepositoryFile } from './repositoryFiles.ts'
import type { ServiceConfig } from './schema.ts'

type Environment = ServiceConfig['environments'][string]
type Gate = Environment['gates'][number]
type Read = { readonly gate: Gate; readonly problem?: string }

/** The gate with the windows of its calendar beside its own. */
async function expand(gate: Gate, folder: string, now: number): Promise<Read> {
  if (typeof gate === 'string' || gate.kind !== 'freeze' || gate.calendar === undefined) return { gate }
  const { calendar, timeZone, windows } = gate
  const text = await readRepositoryFile(folder, calendar)
  if (text === undefined)
    return { gate, problem: `is '${calendar}', expected a file of the repository, of at most 1 MB` }
  try {
    return { gate: { ...gate, windows: [...windows, ...readCalendar(text, calendar, timeZone, now)] } }
  } catch (error) {
    if (!(error instanceof CalendarProblem)) throw error
    return { gate, problem: `is '${calendar}', whose line ${error.line} ${error.message}` }
  }
}

/**
 * Reads the calendars of all freezes: afterwards a configuration holds their windows, and needs no file any more.
 * @param folder of the repository that the configuration is from
 */
export async function withCalendars(
  config: ServiceConfig,
  folder: string,
  now: number,
): Promise<{ readonly config: ServiceConfig; readonly problems: readonly Finding[] }> {
  const problems: Finding[] = []
  const environments: Record<string, Environment> = {}
  for (const [name, environment] of Object.entries(config.environments)) {
    const read = await Promise.all(environment.gates.map((gate) => expand(gate, folder, now)))
    environments[name] = { ...environment, gates: read.map(({ gate }) => gate) }
    for (const [i, { problem }] of read.entries())
      if (problem !== undefined)
        problems.push(finding(['environments', name, 'gates', i, 'calendar'], problem))
  }
  return { config: { ...config, environments }, problems }
}
