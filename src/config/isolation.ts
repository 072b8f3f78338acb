import { spawn } from 'node:child_process'

/**
 * How much stands between a configuration and this machine.
 * `kernel`: no network and no sight of other processes, by Linux namespaces. `node`: only Node's permission
 * model and the narrowed modules, which keep out careless code, but are no boundary against malice on the network.
 */
export type Isolation = 'kernel' | 'node'

/** Own network (without even a loopback), own processes, own message queues; all end with the outermost one. */
const namespaces = [
  'unshare',
  '--user',
  '--map-current-user',
  '--net',
  '--pid',
  '--ipc',
  '--fork',
  '--kill-child=KILL',
  '--',
]

/** The kernel ends it with the process that started it, however that ended. */
const withParent = ['setpriv', '--pdeathsig', 'KILL']

let found: Promise<Isolation> | undefined
let bound: Promise<readonly string[]> | undefined

/** What this machine offers; tried once. */
export function findIsolation(): Promise<Isolation> {
  found ??= works(namespaces).then((yes) => (yes ? 'kernel' : 'node'))
  return found
}

/**
 * What stands in front of a command line so that it ends with its parent: nobody outlives a server that was killed.
 * Nothing where the machine does not offer it; tried once. One that has not yet been told so when its parent goes asks
 * it for the configuration in vain, and ends of that.
 */
export function endingWithParent(): Promise<readonly string[]> {
  bound ??= works(withParent).then((yes) => (yes ? withParent : []))
  return bound
}

function works([command = '', ...options]: readonly string[]): Promise<boolean> {
  if (process.platform !== 'linux') return Promise.resolve(false)
  return new Promise((resolve) => {
    const child = spawn(command, [...options, 'true'], { stdio: 'ignore', timeout: 5_000 })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
  })
}

/** The command line that runs `argv` isolated. */
export const isolate = (isolation: Isolation, argv: readonly string[]): readonly string[] =>
  isolation === 'kernel' ? [...namespaces, ...argv] : argv
