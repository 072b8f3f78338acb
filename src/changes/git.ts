import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Nothing of this user's or this machine's settings changes what git does for us, and no hook that was pushed runs. */
export const gitEnvironment = (more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  ...more,
})

const longestAnswer = 64 << 20

/**
 * Runs git and gives what it printed, without the last line break.
 * @throws Error with what git said
 */
export async function git(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await run('git', ['-c', 'safe.directory=*', ...args], {
    cwd: folder,
    env: gitEnvironment(env),
    maxBuffer: longestAnswer,
  })
  return stdout.replace(/\n$/, '')
}
