import { parseArgs } from 'node:util'
import { type ErrorCode, type ExitCode, errorTable, exit, nearest, PlimsollError } from '../kernel/index.ts'
import type { Catalogue, Command, Input, Io } from './command.ts'
import { renderCommandHelp, renderErrorHelp, renderOverview, renderVersion } from './help.ts'
import { renderError, renderErrorJson } from './problems.ts'

/** Everything unexpected becomes an error of the table, so that it is shown like one. */
function asPlimsollError(error: unknown): PlimsollError {
  if (error instanceof PlimsollError) return error
  const text = error instanceof Error ? error.message : String(error)
  return new PlimsollError('PLM_INTERNAL', text, { cause: error })
}

/** How many words a command takes besides options, by what `--help` shows of it. */
function mostWords({ positionals = '' }: Command): number {
  if (/\.\.\.|…/.test(positionals)) return Number.POSITIVE_INFINITY
  return positionals
    .replaceAll(/ *\| */g, '|')
    .split(' ')
    .filter(Boolean).length
}

/** What is not asked for was meant for something, so that going on would answer another question. */
function mustBeFew(command: Command, words: readonly string[]): void {
  const most = mostWords(command)
  if (words.length <= most) return
  const takes = command.positionals ? `takes only ${command.positionals}` : 'takes options only'
  throw new PlimsollError('PLM_USAGE', `${words[most]} is one too many: ${command.name} ${takes}`)
}

function parse(command: Command, args: readonly string[]): Input {
  const input = parseOptions(command, args)
  if (!input.values.help) mustBeFew(command, input.positionals)
  return input
}

function parseOptions(command: Command, args: readonly string[]): Input {
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

/** What is wrong with the value of an option, where it is that. */
function valueProblem(message: string, option: string): string | undefined {
  if (message.includes('argument is ambiguous'))
    return `${option} needs a value; one that begins with - is written ${option}=-VALUE`
  if (message.includes('argument missing')) return `${option} needs a value`
  if (message.includes('does not take an argument')) return `${option} takes no value`
  return undefined
}

/** parseArgs names the option in quotes; the nearest of ours is offered. */
function usageProblem(command: Command, error: Error) {
  const [option = '', found] = /(?<=')(?:-\w, )?--?([^' =]+)/.exec(error.message) ?? []
  const text = valueProblem(error.message, option) ?? error.message.split('. ')[0] ?? error.message
  const meant = found && nearest(found, Object.keys(command.options))
  return [
    { text: `${command.name}: ${text}`, ...(meant && meant !== found ? { didYouMean: `--${meant}` } : {}) },
  ]
}

async function find(
  commands: Catalogue,
  args: readonly string[],
): Promise<{ command: Command; rest: readonly string[] }> {
  // Two words before one: `token add` is a command of its own.
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ')
    const read = Object.hasOwn(commands, name) && commands[name]
    if (read && args.length >= words) return { command: await read(), rest: args.slice(words) }
  }
  const found = args[0] ?? ''
  const meant = nearest(found, Object.keys(commands))
  throw new PlimsollError('PLM_USAGE', [
    { text: `there is no command ${found}`, ...(meant ? { didYouMean: meant } : {}) },
  ])
}

const all = (commands: Catalogue): Promise<readonly Command[]> =>
  Promise.all(Object.values(commands).map((read) => read()))

function noErrorCode(found: string): PlimsollError {
  const meant = nearest(found, Object.keys(errorTable))
  return new PlimsollError('PLM_USAGE', [
    { text: `there is no error ${found}`, ...(meant ? { didYouMean: meant } : {}) },
  ])
}

async function help(commands: Catalogue, topic: readonly string[], io: Io): Promise<ExitCode> {
  const [word] = topic
  if (word === undefined || word.startsWith('-')) io.stdout.write(renderOverview(await all(commands)))
  else if (Object.hasOwn(errorTable, word)) io.stdout.write(renderErrorHelp(word as ErrorCode))
  else if (word.startsWith('PLM_')) throw noErrorCode(word)
  else io.stdout.write(renderCommandHelp((await find(commands, topic)).command))
  return exit.yes
}

async function dispatch(commands: Catalogue, args: readonly string[], io: Io): Promise<ExitCode> {
  const [first] = args
  if (first === undefined || first === 'help' || first === '--help' || first === '-h')
    return await help(commands, args.slice(1), io)
  if (first === 'version' || first === '--version' || first === '-V') {
    io.stdout.write(renderVersion(args.includes('--json')))
    return exit.yes
  }
  const { command, rest } = await find(commands, args)
  const input = parse(command, rest)
  if (input.values.help) return await help(commands, command.name.split(' '), io)
  return await command.run(input, io)
}

/**
 * Runs one command line.
 * @param args without node and the program's name
 * @returns the exit code; errors are shown, never thrown
 */
export async function runCommandLine(
  commands: Catalogue,
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
