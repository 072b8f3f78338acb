import { parseArgs } from 'node:util'
import { type ErrorCode, type ExitCode, errorTable, exit, nearest, PlimsollError } from '../kernel/index.ts'
import type { Command, Input, Io } from './command.ts'
import { renderCommandHelp, renderErrorHelp, renderOverview } from './help.ts'
import { renderError, renderErrorJson } from './problems.ts'

/** Everything unexpected becomes an error of the table, so that it is shown like one. */
function asPlimsollError(error: unknown): PlimsollError {
  if (error instanceof PlimsollError) return error
  const text = error instanceof Error ? error.message : String(error)
  return new PlimsollError('PLM_INTERNAL', text, { cause: error })
}

function parse(command: Command, args: readonly string[]): Input {
  const options = { ...command.options, help: { type: 'boolean', short: 'h' } as const }
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    })
    return { values, positionals }
  } catch (error) {
    throw new PlimsollError('PLM_USAGE', usageProblem(command, error as Error))
  }
}

/** parseArgs names the option in quotes; the nearest of ours is offered. */
function usageProblem(command: Command, error: Error) {
  const text = error.message.split('. ')[0] ?? error.message
  const found = /'(--?[^' =]+)/.exec(text)?.[1]?.replace(/^-+/, '')
  const meant = found && nearest(found, Object.keys(command.options))
  return [{ text: `${command.name}: ${text}`, ...(meant ? { didYouMean: `--${meant}` } : {}) }]
}

function find(
  commands: readonly Command[],
  args: readonly string[],
): { command: Command; rest: readonly string[] } {
  // Two words before one: `token add` is a command of its own.
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ')
    const command = commands.find((one) => one.name === name)
    if (command && args.length >= words) return { command, rest: args.slice(words) }
  }
  const found = args[0] ?? ''
  const meant = nearest(
    found,
    commands.map((command) => command.name),
  )
  throw new PlimsollError('PLM_USAGE', [
    { text: `there is no command ${found}`, ...(meant ? { didYouMean: meant } : {}) },
  ])
}

function help(commands: readonly Command[], topic: readonly string[], io: Io): ExitCode {
  const [word] = topic
  if (word && word in errorTable) io.stdout.write(renderErrorHelp(word as ErrorCode))
  else if (word) io.stdout.write(renderCommandHelp(find(commands, topic).command))
  else io.stdout.write(renderOverview(commands))
  return exit.yes
}

async function dispatch(commands: readonly Command[], args: readonly string[], io: Io): Promise<ExitCode> {
  const [first] = args
  if (first === undefined || first === 'help' || first === '--help' || first === '-h')
    return help(commands, args.slice(1), io)
  const { command, rest } = find(commands, args)
  const input = parse(command, rest)
  if (input.values.help) return help(commands, command.name.split(' '), io)
  return await command.run(input, io)
}

/**
 * Runs one command line.
 * @param args without node and the program's name
 * @returns the exit code; errors are shown, never thrown
 */
export async function runCommandLine(
  commands: readonly Command[],
  args: readonly string[],
  io: Io,
): Promise<ExitCode> {
  try {
    return await dispatch(commands, args, io)
  } catch (error) {
    if (io.signal?.aborted) return exit.interrupted
    const known = asPlimsollError(error)
    if (args.includes('--json')) io.stdout.write(renderErrorJson(known))
    else io.stderr.write(renderError(known, io.stderr))
    return errorTable[known.code].exit
  }
}
