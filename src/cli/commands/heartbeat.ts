import { randomUUID } from 'node:crypto'
import { type HeartbeatRequest, heartbeatAnswer } from '../../contract/index.ts'
import { realClock } from '../../host/index.ts'
import { type ExitCode, exit, PlimsollError, parseDuration } from '../../kernel/index.ts'
import type { Command, Input, Io } from '../command.ts'
import { connect, serverOptions, text } from '../connect.ts'
import { runTold } from './heartbeat-run.ts'

type Tell = (said: HeartbeatRequest) => Promise<void>

/** One try may take so long: a server that hangs is as good as none. */
const tryMs = 5_000
const pauseMs = 1_000
const usualPatienceMs = 30_000

const inTime = <T>(work: Promise<T>): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('no answer in 5 s')), tryMs).unref()
    }),
  ])

/** A server that restarts is asked again; what it refuses it would refuse again. */
const isWorthAnotherTry = (error: unknown): boolean =>
  !(error instanceof PlimsollError) ||
  ['PLM_SERVER_UNREACHABLE', 'PLM_INTERNAL', 'PLM_STALE'].includes(error.code)

function sayTo(name: string, input: Input, io: Io): Tell {
  const place = {
    ...(text(input.values.service) === undefined ? {} : { service: text(input.values.service) }),
    ...(text(input.values.environment) === undefined ? {} : { environment: text(input.values.environment) }),
  }
  return async (said) => {
    const client = await connect(input, io)
    const path = `/api/heartbeats/${encodeURIComponent(name)}`
    await inTime(client.send('POST', path, { ...place, ...said }, heartbeatAnswer))
  }
}

/** Tells, again and again for a while. @returns why it could not, if it could not */
async function tellFor(tell: Tell, said: HeartbeatRequest, patienceMs: number): Promise<unknown> {
  const endMs = realClock.elapsedMs() + patienceMs
  for (;;) {
    try {
      return void (await tell(said))
    } catch (error) {
      if (!isWorthAnotherTry(error) || realClock.elapsedMs() + pauseMs > endMs) return error
    }
    await realClock.until(realClock.now() + pauseMs)
  }
}

const whyOf = (error: unknown): string => {
  if (error instanceof PlimsollError) return error.problems[0]?.text ?? error.message
  return error instanceof Error ? error.message : String(error)
}

/** Whatever becomes of the telling, the command is run once, and how it ended is how this ends. */
async function wrap(tell: Tell, command: readonly string[], io: Io, patienceMs: number): Promise<ExitCode> {
  const run = randomUUID()
  const begun = tellFor(tell, { is: 'start', at: Date.now(), run }, 0)
  const { code, tail } = await runTold(command, io)
  const at = Date.now()
  await begun
  const failed = { is: 'failure' as const, at, run, exitCode: code, message: tail }
  const said = code === 0 ? { is: 'success' as const, at, run, exitCode: 0 } : failed
  const error = await tellFor(tell, said, patienceMs)
  if (error !== undefined)
    io.stderr.write(`plimsoll: the server was not told how it ended: ${whyOf(error)}\n`)
  // Whatever the command ended with; it need not be one of our own.
  return code as ExitCode
}

const outcomes = ['start', 'success', 'failure'] as const

function outcomeIn(given: unknown): (typeof outcomes)[number] {
  const found = outcomes.find((one) => one === (given ?? 'success'))
  if (found) return found
  throw new PlimsollError('PLM_USAGE', `--is is ${given}, expected ${outcomes.join(', ')}`)
}

function patienceIn(given: unknown): number {
  const patienceMs = given === undefined ? usualPatienceMs : parseDuration(String(given))
  if (patienceMs !== undefined) return patienceMs
  throw new PlimsollError('PLM_USAGE', `--patience is ${given}, expected a duration such as 30s`)
}

export const heartbeat: Command = {
  name: 'heartbeat',
  summary: 'tells that a scheduled job ran; runs its command and tells how that ended',
  examples: ['plimsoll heartbeat settlement -- ./settle.sh --yesterday', 'plimsoll heartbeat settlement'],
  positionals: 'NAME [-- COMMAND...]',
  options: {
    is: {
      type: 'string',
      value: 'WHAT',
      description: 'start, success (default) or failure; without a command',
    },
    message: { type: 'string', value: 'TEXT', description: 'a few words about it; without a command' },
    service: { type: 'string', value: 'SERVICE', description: 'where several have a job of this name' },
    environment: { type: 'string', value: 'NAME', description: 'where it runs in several' },
    patience: {
      type: 'string',
      value: '30s',
      description: 'how long a server that does not answer is told again (default 30s)',
    },
    ...serverOptions,
  },
  async run(input, io) {
    const [name, ...command] = input.positionals
    if (!name) throw new PlimsollError('PLM_USAGE', 'heartbeat needs the name of the job')
    const tell = sayTo(name, input, io)
    const patienceMs = patienceIn(input.values.patience)
    if (command.length > 0) return wrap(tell, command, io, patienceMs)
    const message = text(input.values.message)
    const said = {
      is: outcomeIn(input.values.is),
      at: Date.now(),
      ...(message === undefined ? {} : { message }),
    }
    const error = await tellFor(tell, said, patienceMs)
    if (error !== undefined) throw error
    if (input.values.json) io.stdout.write(`${JSON.stringify({ schemaVersion: 1, done: true })}\n`)
    return exit.yes
  },
}
