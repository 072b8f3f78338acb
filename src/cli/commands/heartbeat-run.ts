import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { StringDecoder } from 'node:string_decoder'
import { longestMessage } from '../../contract/index.ts'
import type { Io, Screen } from '../command.ts'

const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const byShell = { notFound: 127, notRunnable: 126, signal: 128 } as const

/** Passes on what a stream says, and keeps its end. */
function follow(stream: NodeJS.ReadableStream, screen: Screen, keep: (text: string) => void): void {
  const decoder = new StringDecoder('utf8')
  stream.on('data', (bytes: Buffer) => {
    const text = decoder.write(bytes)
    screen.write(text)
    keep(text)
  })
}

/**
 * Runs a command as if it stood alone: what it prints is printed, signals reach it.
 * @returns its exit code as a shell would say it, and the end of what it printed
 */
export function runTold(
  [command = '', ...args]: readonly string[],
  { stdout, stderr, env, cwd }: Io,
): Promise<{ readonly code: number; readonly tail: string }> {
  const child = spawn(command, args, { cwd, env: { ...env }, stdio: ['inherit', 'pipe', 'pipe'] })
  let tail = ''
  const keep = (text: string) => {
    tail = (tail + text).slice(-longestMessage)
  }
  follow(child.stdout, stdout, keep)
  follow(child.stderr, stderr, keep)
  const handlers = passedOn.map((signal) => [signal, () => void child.kill(signal)] as const)
  for (const [signal, pass] of handlers) process.on(signal, pass)
  return new Promise((resolve) => {
    const end = (code: number) => {
      for (const [signal, pass] of handlers) process.off(signal, pass)
      resolve({ code, tail })
    }
    child.on('error', (error: NodeJS.ErrnoException) => {
      const because = `plimsoll: ${command} could not be run: ${error.code ?? error.message}\n`
      stderr.write(because)
      keep(because)
      end(error.code === 'ENOENT' ? byShell.notFound : byShell.notRunnable)
    })
    child.on('close', (code, signal) =>
      end(code ?? byShell.signal + (signal === null ? 0 : constants.signals[signal])),
    )
  })
}
