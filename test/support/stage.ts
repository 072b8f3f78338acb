import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { compiled } from './compiled.ts'
import { freePort } from './ports.ts'
import { builtProgram } from './program.ts'

const exec = promisify(execFile)

/** Only what git and our command line need of this machine: nobody's settings change the demo. */
const cleanEnv = (home: string): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: home,
  LANG: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  ...compiled,
  PLIMSOLL_CRASH_FILE: join(home, 'crash-at'),
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.test',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.test',
})

/** The wanted port, or any free one when it is taken. */
function portNear(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    const answer = () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : wanted))
    }
    server.once('error', () => server.listen(0, '127.0.0.1', answer).once('error', reject))
    server.listen(wanted, '127.0.0.1', answer)
  })
}

/** A Plimsoll and a developer's clone of a service, both in a temporary folder. */
export type Stage = {
  readonly folder: string
  readonly home: string
  readonly clone: string
  readonly service: string
  readonly server: string
  readonly production: number
  readonly token: string
  /** Runs `plimsoll ARGS` as a person would; gives what it printed. */
  plimsoll(...args: string[]): Promise<string>
  /** With which code it ends. */
  exitOf(...args: string[]): Promise<number>
  git(...args: string[]): Promise<string>
  /** Changes a file of the clone. */
  edit(file: string, change: (text: string) => string): Promise<void>
  /** Makes a file of the clone. */
  write(file: string, text: string): Promise<void>
  /** Puts a file into the data folder of an environment. */
  giveData(environment: string, file: string, text: string): Promise<void>
  /** Commits everything and pushes; gives the commit. */
  push(message: string): Promise<string>
  get<T>(path: string): Promise<T>
  /** Pid of the running server; of the next one while there is none, for a server leaves its name just after it listens. */
  serverPid(): Promise<number>
  /** Ends the supervisor without any warning; the server lives on. */
  killSupervisor(): Promise<void>
  startSupervisor(): Promise<void>
  close(): Promise<void>
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Arguments with options of ours: what stands behind `--` is a command of its own. */
function saying(args: readonly string[], ...options: readonly string[]): string[] {
  const at = args.indexOf('--')
  return at < 0 ? [...args, ...options] : [...args.slice(0, at), ...options, ...args.slice(at)]
}

/** Starts Plimsoll in the background; resolves when it listens. */
async function startPlimsoll(
  cli: string,
  home: string,
  port: number,
  env: Record<string, string>,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [cli, 'up', '--home', home, '--port', String(port)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve())
    child.once('exit', (code) => reject(new Error(`plimsoll up ended with ${code}`)))
  })
  child.stdout?.resume()
  return child
}

/** The ports that people expect. */
export const usualPorts: readonly number[] = [1876, 8081, 8080]

/**
 * Sets the stage: Plimsoll up, and a clone of the service in `source`.
 * @param ports of Plimsoll, staging and production; others where they are taken; of this test alone when left out
 * @param more variables of its environment
 */
export async function setStage(
  source: string,
  service: string,
  ports?: readonly number[],
  more: Readonly<Record<string, string>> = {},
): Promise<Stage> {
  const cli = builtProgram()
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-demo-'))
  const home = join(folder, 'home')
  const clone = join(folder, service)
  const env = { ...cleanEnv(folder), ...more }
  const [port = 0, staging = 0, production = 0] = await Promise.all(
    ports?.map(portNear) ?? [freePort(), freePort(), freePort()],
  )
  const server = `http://127.0.0.1:${port}`
  const git = async (...args: string[]) => (await exec('git', args, { cwd: clone, env })).stdout.trim()
  let child = await startPlimsoll(cli, home, port, env)
  const token = (await readFile(join(home, 'token'), 'utf8')).trim()
  await cp(source, clone, {
    recursive: true,
    filter: (path) => !/\/(node_modules|reports|data)$/.test(path),
  })
  await git('init', '--quiet', '--initial-branch=main')
  await git('remote', 'add', 'plimsoll', `http://ada:${token}@127.0.0.1:${port}/git/${service}.git`)

  const stage: Stage = {
    folder,
    home,
    clone,
    service,
    server,
    production,
    token,
    git,
    async plimsoll(...args) {
      const all = [cli, ...saying(args, '--home', home, '--server', server)]
      const { stdout } = await exec(process.execPath, all, { env, cwd: clone }).catch(
        (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
      )
      return stdout.trim()
    },
    async exitOf(...args) {
      const all = [cli, ...saying(args, '--home', home, '--server', server)]
      return exec(process.execPath, all, { env, cwd: clone }).then(
        () => 0,
        ({ code }: { code: number }) => code,
      )
    },
    async edit(file, change) {
      const path = join(clone, file)
      await writeFile(path, change(await readFile(path, 'utf8')))
    },
    write: (file, text) => writeFile(join(clone, file), text),
    async giveData(environment, file, text) {
      await mkdir(join(home, 'data', environment), { recursive: true })
      await writeFile(join(home, 'data', environment, file), text)
    },
    async push(message) {
      await git('add', '--all')
      await git('commit', '--quiet', '--message', message)
      await git('push', '--quiet', 'plimsoll', 'main')
      return git('rev-parse', 'HEAD')
    },
    async get<T>(path: string) {
      const response = await fetch(`${server}${path}`)
      if (!response.ok) throw new Error(`${path} answered ${response.status}`)
      return (await response.json()) as T
    },
    async serverPid() {
      for (const end = Date.now() + 30_000; ; await pause(20)) {
        const named = JSON.parse(await readFile(join(home, 'server.json'), 'utf8')) as { pid: number }
        if (isAlive(named.pid)) return named.pid
        if (Date.now() > end) throw new Error(`the server ${named.pid} has died, and there is no other`)
      }
    },
    async killSupervisor() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
    async startSupervisor() {
      child = await startPlimsoll(cli, home, port, env)
    },
    async close() {
      // Ctrl-C comes to it as well: it may have ended already.
      if (child.exitCode === null && child.signalCode === null) {
        const ended = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGTERM')
        await ended
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
  await stage.edit('plimsoll.config.ts', (text) =>
    text.replace('8081', String(staging)).replace('8080', String(production)),
  )
  return stage
}

/** Takes the gate `loadLine` out of the configuration: for stories about something else, each of which would take minutes. */
export const withoutLoadLine = (stage: Stage): Promise<void> =>
  stage.edit('plimsoll.config.ts', (text) => text.replace(", 'loadLine']", ']'))
