import type { WriteStream } from 'node:tty'
import type { Io, Screen } from './command.ts'

const wantsColour = (stream: WriteStream, env: NodeJS.ProcessEnv): boolean => {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true
  return stream.isTTY === true && env.TERM !== 'dumb'
}

const isAscii = (env: NodeJS.ProcessEnv): boolean => {
  const locale = env.LC_ALL ?? env.LC_CTYPE ?? env.LANG
  return (
    env.TERM === 'dumb' ||
    (locale !== undefined && locale !== 'C' && locale !== 'POSIX' && !/utf-?8/i.test(locale))
  )
}

const screenOf = (stream: WriteStream, env: NodeJS.ProcessEnv): Screen => ({
  write: (text) => void stream.write(text),
  isTTY: stream.isTTY === true,
  columns: stream.columns ?? 80,
  colour: wantsColour(stream, env),
  ascii: isAscii(env),
})

/** The real screens of this process. */
export const processIo = (signal: AbortSignal): Io => ({
  stdout: screenOf(process.stdout as WriteStream, process.env),
  stderr: screenOf(process.stderr as WriteStream, process.env),
  env: process.env,
  cwd: process.cwd(),
  signal,
})
