import type { ParseArgsOptionDescriptor } from 'node:util'
import type { ExitCode } from '../kernel/index.ts'

/** Where a command writes: a terminal, a pipe, or memory in tests. Nothing else touches `process.stdout`. */
export interface Screen {
  write(text: string): void
  readonly isTTY: boolean
  /** Width in characters; 80 when unknown. */
  readonly columns: number
  /** Colours are wanted: a terminal without NO_COLOR, or FORCE_COLOR. */
  readonly colour: boolean
  /** Only ASCII can be shown: TERM=dumb or a locale without UTF-8. */
  readonly ascii: boolean
}

/** The world of a command. */
export type Io = {
  /** The result, and nothing else. */
  readonly stdout: Screen
  /** Progress, notes and errors. */
  readonly stderr: Screen
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder that the command was called in; absolute. */
  readonly cwd: string
  /** Aborted by Ctrl-C. */
  readonly signal?: AbortSignal
}

/** An option of `parseArgs`, and what `--help` says of it. */
export type Option = ParseArgsOptionDescriptor & {
  readonly description: string
  /** What the value is called in `--help`, for options that take one: `FOLDER`. */
  readonly value?: string
}

export type Options = Readonly<Record<string, Option>>

/** What was typed, as `parseArgs` reads it. */
export type Input = {
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>
  readonly positionals: readonly string[]
}

/** One command of `plimsoll`, in a file of its own. It throws PlimsollError; the dispatcher renders that. */
export type Command = {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** Two command lines that lead `--help`. */
  readonly examples: readonly [string, string]
  readonly options: Options
  /** What it takes besides options, as `--help` shows it: `[SERVICE]`. */
  readonly positionals?: string
  /** What its exit codes mean, where that needs saying: one line. */
  readonly ends?: string
  run(input: Input, io: Io): Promise<ExitCode>
}

/** Commands by their names; of one that is not asked for nothing is read. */
export type Catalogue = Readonly<Record<string, () => Promise<Command>>>

/** Every command has it. */
export const jsonOption = { type: 'boolean', description: 'one JSON document instead of text' } as const
