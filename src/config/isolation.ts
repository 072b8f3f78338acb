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

let found: Promise<Isolation> | undefined

/** What this machine offers; tried once. */
export function findIsolation(): Promise<Isolation> {
  found ??= process.platform === 'linux' ? tryNamespaces() : Promise.resolve('node')
  return found
}

function tryNamespaces(): Promise<Isolation> {
  const [command = '', ...options] = namespaces
  return new Promise((resolve) => {
    const child = spawn(command, [...options, 'true'], { stdio: 'ignore', timeout: 5_000 })
    child.on('error', () => resolve('node'))
    child.on('exit', (code) => resolve(code === 0 ? 'kernel' : 'node'))
  })
}

/** The command line that runs `argv` isolated. */
export const isolate = (isolation: Isolation, argv: readonly string[]): readonly string[] =>
  isolation === 'kernel' ? [...namespaces, ...argv] : argv
