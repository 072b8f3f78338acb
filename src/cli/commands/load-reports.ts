import { writeFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { PlimsollError } from '../../kernel/index.ts'
import type { Input, Io } from '../command.ts'

/** By the ending of a file, what is written into it. */
export type Writers<T> = Readonly<Record<string, (result: T) => string>>

/**
 * The files that a result is to be written to.
 * @returns what writes them all
 * @throws PLM_USAGE for files of other kinds, before any load is made
 */
export function readReports<T>({ values }: Input, io: Io, writers: Writers<T>): (result: T) => Promise<void> {
  const files = Array.isArray(values.report) ? values.report.map(String) : []
  const kinds = Object.keys(writers).join(', ')
  const problems = files
    .filter((file) => !writers[extname(file)])
    .map((file) => ({
      at: '--report',
      text: `${file} must end in one of ${kinds}, which says what is written`,
    }))
  if (problems.length > 0) throw new PlimsollError('PLM_USAGE', problems)
  return async (result) => {
    for (const file of files)
      await writeFile(resolve(io.cwd, file), (writers[extname(file)] as (result: T) => string)(result))
  }
}

export const reportOption = (kinds: string) =>
  ({
    type: 'string',
    multiple: true,
    value: 'FILE',
    description: `of kind ${kinds}; may be given again`,
  }) as const
