import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { realClock } from '../../host/clock.ts'
import { type ExitCode, exit, PlimsollError } from '../../kernel/index.ts'
import { type Home, homeFrom, makeHome, readToken } from '../../server/home.ts'
import { serverEntry } from '../../server/processes/end-all.ts'
import { findResident } from '../../server/processes/pid-file.ts'
import { createStopOrder, type StopOrder } from '../../server/processes/stop-order.ts'
import { supervise } from '../../server/processes/supervisor.ts'
import type { Command, Io } from '../command.ts'
import { text } from '../connect.ts'

const thisCli = fileURLToPath(new URL('../main.ts', import.meta.url))

/** How long a server may take until it listens. */
const readyWithinMs = 20_000

async function untilReady(home: Home, ended: () => boolean): Promise<number | undefined> {
  const until = realClock.now() + readyWithinMs
  while (realClock.now() < until && !ended()) {
    const server = await findResident(home.server)
    if (server?.port) return server.port
    await realClock.until(realClock.now() + 50)
  }
  return undefined
}

async function greet(home: Home, host: string, port: number, io: Io): Promise<void> {
  const token = await readToken(home)
  const shown = host.includes(':') ? `[${host}]` : host
  io.stdout.write(
    [
      `Plimsoll is up:  http://${shown}:${port}`,
      `  push to        http://plimsoll@${shown}:${port}/git/SERVICE.git   (password: the token)`,
      ...(token ? [`  token          ${token}   (kept in ${home.token})`] : []),
      '',
    ].join('\n'),
  )
}

/** The last lines of the server's log explain best why it did not start. */
async function notUp(home: Home): Promise<PlimsollError> {
  const { readFile } = await import('node:fs/promises')
  const log = await readFile(home.log, 'utf8').catch(() => '')
  const failure = log
    .trimEnd()
    .split('\n')
    .findLast((line) => line.startsWith('{"plimsollError"'))
  if (!failure) return new PlimsollError('PLM_INTERNAL', `the server did not start; its log is ${home.log}`)
  const { code, problems } = (
    JSON.parse(failure) as {
      plimsollError: { code: PlimsollError['code']; problems: PlimsollError['problems'] }
    }
  ).plimsollError
  return new PlimsollError(code, problems)
}

/** INT and TERM stop everything in order; USR2 stops the server only, for an upgrade. Told again, it goes on stopping. */
function followSignals(order: StopOrder, signal: AbortSignal | undefined, say: (line: string) => void): void {
  const everything = () => {
    if (order.wanted === 'everything') say('stopping already: instances may take their whole grace')
    order.give('everything')
  }
  if (signal?.aborted) everything()
  signal?.addEventListener(
    'abort',
    () => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, everything)
      everything()
    },
    { once: true },
  )
  process.on('SIGUSR2', () => order.give('server'))
}

async function upDetached(home: Home, args: readonly string[], host: string, io: Io): Promise<ExitCode> {
  const { openSync } = await import('node:fs')
  const log = openSync(home.log, 'a', 0o600)
  const child = spawn(process.execPath, [thisCli, 'up', ...args], {
    detached: true,
    stdio: ['ignore', log, log],
  })
  let ended = false
  child.once('exit', () => {
    ended = true
  })
  const port = await untilReady(home, () => ended)
  if (port === undefined) throw await notUp(home)
  child.unref()
  await greet(home, host, port, io)
  return exit.yes
}

export const up: Command = {
  name: 'up',
  summary: 'starts Plimsoll on this machine; Ctrl-C stops everything in order',
  examples: ['plimsoll up', 'plimsoll up --detach --port 1876'],
  options: {
    home: {
      type: 'string',
      value: 'FOLDER',
      description: 'where everything is kept (PLIMSOLL_HOME; default ~/.plimsoll)',
    },
    port: { type: 'string', value: 'PORT', description: 'of the page and the API (default 1876)' },
    host: { type: 'string', value: 'ADDRESS', description: 'to listen on (default 127.0.0.1)' },
    detach: { type: 'boolean', short: 'd', description: 'go on in the background; `plimsoll down` stops it' },
  },
  async run({ values }, io) {
    const home = homeFrom(text(values.home), io.env)
    const port = Number(text(values.port) ?? 1876)
    const host = text(values.host) ?? '127.0.0.1'
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new PlimsollError('PLM_USAGE', `--port is ${values.port}, expected a number from 0 to 65535`)
    await makeHome(home)
    const other = await findResident(home.supervisor)
    if (other)
      throw new PlimsollError('PLM_STORE_HELD', `a supervisor with pid ${other.pid} runs here already`)
    if (values.detach)
      return upDetached(home, ['--home', home.folder, '--port', String(port), '--host', host], host, io)
    const say = (line: string) => io.stderr.write(`${line}\n`)
    let ended = false
    const order = createStopOrder()
    followSignals(order, io.signal, say)
    const options = { home, port, host, clock: realClock, entry: serverEntry, say }
    const supervised = supervise(options, order).finally(() => {
      ended = true
    })
    const listening = await untilReady(home, () => ended)
    if (listening !== undefined) await greet(home, host, listening, io)
    const code = await supervised
    if (code !== exit.yes) throw await notUp(home)
    return code
  },
}
