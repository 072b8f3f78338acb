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

type GitOptions = {
  readonly env?: Readonly<Record<string, string>>
  /** Looks at a developer's own repository: what he tells git to ignore, and who he is, counts. */
  readonly asUser?: boolean
}

/**
 * Runs git and gives what it printed, without the last line break.
 * @throws Error with what git said
 */
export async function git(
  folder: string,
  args: readonly string[],
  { env = {}, asUser = false }: GitOptions = {},
): Promise<string> {
  const surroundings = asUser
    ? { ...(process.env as Record<string, string>), LC_ALL: 'C', ...env }
    : gitEnvironment(env)
  const { stdout } = await run('git', ['-c', 'safe.directory=*', ...args], {
    cwd: folder,
    env: surroundings,
    maxBuffer: longestAnswer,
  })
  return stdout.replace(/\n$/, '')
}
