import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type ExitCode, exit, PlimsollError, type Problem } from '../../kernel/index.ts'
import {
  formatRate,
  type LoadShift,
  type LocatedLine,
  levelShifts,
  locatedLine,
  placeText,
} from '../../load/index.ts'
import type { Input, Io } from '../command.ts'
import { renderTable } from '../table.ts'

/** What `load line --report FILE.json` wrote. */
type Measured = { readonly file: string; readonly line: LocatedLine }

async function readLine(file: string, io: Io, problems: Problem[]): Promise<Measured | undefined> {
  try {
    const read = locatedLine.safeParse(JSON.parse(await readFile(resolve(io.cwd, file), 'utf8')))
    if (read.success) return { file, line: read.data }
    problems.push({ at: file, text: `${file} is no result of \`plimsoll load line\`` })
  } catch (error) {
    problems.push({ at: file, text: `${file} cannot be read: ${(error as Error).message}` })
  }
  return undefined
}

/** Absolute figures of different machines say nothing to each other. */
function elsewhere([first, ...rest]: readonly Measured[]): readonly Problem[] {
  const where = ({ line: { place } }: Measured) => `${placeText(place)}, the service ${place.service}`
  return rest.flatMap((one) =>
    first && where(one) !== where(first)
      ? [{ at: one.file, text: `${one.file} was measured on ${where(one)}, not on ${where(first)}` }]
      : [],
  )
}

const percent = (ratio: number): string => `${ratio < 0 ? '−' : '+'}${Math.abs(100 * ratio).toFixed(0)} %`

function sayShifts(shifts: readonly LoadShift[], files: number): string {
  if (shifts.length === 0) return `No lasting change in ${files} load lines.`
  const said = shifts.map(
    ({ ratio, release, p }) =>
      `${percent(ratio)} since ${release} (p ${p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`})`,
  )
  return `${said.join('; ')}.`
}

function rowOf({ file, line }: Measured, shifts: readonly LoadShift[]): readonly string[] {
  const { ratePerSecond, interval, verdict } = line
  const shift = shifts.find(({ release }) => release === file)
  return [
    file,
    ratePerSecond === null ? '–' : formatRate(ratePerSecond),
    interval ? `${formatRate(interval.low)} to ${formatRate(interval.high)}` : '',
    shift ? `lasting change: ${percent(shift.ratio)}` : verdict === 'found' ? '' : verdict,
  ]
}

/**
 * Load lines that were measured one after the other at one place, from their files, oldest first: where they changed for
 * good. Only lines that were found count.
 * @throws PLM_USAGE with every file that cannot be used
 */
export async function historyOfFiles(input: Input, io: Io): Promise<ExitCode> {
  const problems: Problem[] = []
  const read = await Promise.all(input.positionals.map((file) => readLine(file, io, problems)))
  const measured = read.flatMap((one) => one ?? [])
  problems.push(...elsewhere(measured))
  if (problems.length > 0) throw new PlimsollError('PLM_USAGE', problems)
  const levels = measured.flatMap(({ file, line: { verdict, ratePerSecond } }) =>
    verdict === 'found' && ratePerSecond !== null ? [{ release: file, ratePerSecond }] : [],
  )
  const shifts = levelShifts(levels)
  const document = {
    schemaVersion: 1,
    lines: measured.map(({ file, line: { verdict, ratePerSecond, interval } }) => ({
      ...{ file, verdict, ratePerSecond, interval },
    })),
    shifts: shifts.map(({ release, ratio, p }) => ({ file: release, ratio, p })),
  }
  const table = renderTable(
    [['FILE', 'LOAD LINE', '95 %', ''], ...measured.map((one) => rowOf(one, shifts))],
    io.stdout,
  )
  io.stdout.write(
    input.values.json ? `${JSON.stringify(document)}\n` : `${sayShifts(shifts, levels.length)}\n\n${table}`,
  )
  return exit.yes
}
