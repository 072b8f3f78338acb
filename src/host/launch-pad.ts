import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { launcherScript } from './launcher.ts'

/** A launcher to start: its arguments after the script, and the whole environment. */
export type Launch = {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Its launcher is gone, or was never begun. */
  readonly onOver: () => void
}

export interface LaunchPad {
  /** @returns false when this launch is not one for the pad: the caller starts it itself */
  launch(launch: Launch): boolean
  close(): void
}

/** Leads a session of its own; where it is missing (macOS), every launcher is started by Node.js. */
const setsid = ['/usr/bin/setsid', '/bin/setsid'].find((path) => existsSync(path))

/** What a shell keeps for itself: to export one of these would fail, or mean something else. */
const ownOfShells =
  /^(_|IFS|PPID|OPTIND|OPTARG|LINENO|RANDOM|SECONDS|SHLVL|UID|EUID|GROUPS|FUNCNAME|DIRSTACK|BASH.*|SHELLOPTS|POSIXLY_CORRECT)$/
const isPlainName = (name: string): boolean =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !ownOfShells.test(name)

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/**
 * One line for the shell: a subshell that waits for its launcher and then says so. Values go through the pipe, never
 * through an argument that others on this machine could read.
 */
function lineOf(id: number, { argv, env }: Launch): string {
  const exports = Object.entries(env).map(([name, value]) => `export ${name}=${quote(value)}`)
  const command = [setsid ?? '', '/bin/sh', '-c', launcherScript, 'plimsoll-job', ...argv]
    .map(quote)
    .join(' ')
  return `jobs; ( (${exports.join(';')}; exec ${command} 3>&-); echo ${id} >&3 ) </dev/null &\n`
}

/**
 * Starts launchers from a small shell that stays, since a fork of a large process is dear: Node.js takes some 3 ms,
 * and stands still meanwhile; this shell takes a third of one. When the server dies the shell reads the end of its
 * input and goes; what it has started goes on.
 * @param env of the shell itself, by which it is known on the machine
 */
export function createLaunchPad(env: Readonly<Record<string, string>> = {}): LaunchPad {
  const waiting = new Map<number, Launch>()
  let shell: { readonly child: ChildProcess; readonly input: Socket } | undefined
  let count = 0

  function over(id: number): void {
    const launch = waiting.get(id)
    waiting.delete(id)
    launch?.onOver()
  }

  function open(): Socket {
    // Its third channel, beyond the usual ones, tells who is over.
    const child = spawn('/bin/sh', ['-s'], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
      env,
      cwd: '/',
    })
    const [input, , , told] = child.stdio as unknown as [Socket, null, null, Socket]
    shell = { child, input }
    child.unref()
    for (const pipe of [input, told]) pipe.unref().on('error', () => {})
    createInterface({ input: told }).on('line', (line) => over(Number(line)))
    const gone = () => {
      if (shell?.child !== child) return
      shell = undefined
      for (const id of [...waiting.keys()]) over(id)
    }
    child.once('error', gone)
    child.once('exit', gone)
    return input
  }

  return {
    launch(launch) {
      if (!setsid || !Object.keys(launch.env).every(isPlainName)) return false
      const input = shell?.input ?? open()
      const id = ++count
      waiting.set(id, launch)
      input.write(lineOf(id, launch))
      return true
    },
    close() {
      shell?.input.end()
    },
  }
}
