import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PlimsollError, type Reason } from '../kernel/index.ts'

/** Files of a process that measures: what it is to do; how far it is; what came of it, written once. */
export const jobFiles = { spec: 'spec.json', progress: 'progress.json', result: 'result.json' } as const

/** Writes files of the folder whole or not at all: whoever reads one meanwhile sees the one before. */
export const openJobFolder =
  (folder: string) =>
  (name: string, value: unknown): void => {
    const file = join(folder, name)
    writeFileSync(`${file}.new`, JSON.stringify(value))
    renameSync(`${file}.new`, file)
  }

/** Why nothing came of it, from what was thrown. */
export function reasonsOf(error: unknown): readonly Reason[] {
  if (error instanceof PlimsollError && error.problems.length > 0)
    return error.problems.map(({ text, place }) => ({ text: place ? `${place}: ${text}` : text }))
  return [{ text: error instanceof Error ? error.message : String(error) }]
}
