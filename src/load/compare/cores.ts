import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { coresIn } from '../service/cpu-sample.ts'

/** Cores of this machine, by number: the generator's own, and those of whatever is measured. */
export type Cores = { readonly generator: number; readonly service: readonly number[] }

function allowed(): readonly number[] {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    return coresIn(list ?? '')
  } catch {
    return []
  }
}

/**
 * Gives this process, with all of its threads, one core, and leaves the others to the service: where both wander, a
 * second of the same load differs by a fifth, and by a tenth where they do not. Undefined, and nothing changed, where
 * there is one core only, or no `taskset`.
 */
export function shareCores(): Cores | undefined {
  const [generator, ...service] = allowed()
  if (generator === undefined || service.length === 0) return undefined
  try {
    execFileSync('taskset', ['-acp', String(generator), String(process.pid)], { stdio: 'ignore' })
    return { generator, service }
  } catch {
    return undefined
  }
}

/** What stands before a command that is to run on the service's cores. */
export const onServiceCores = (cores: Cores | undefined): readonly string[] =>
  cores ? ['taskset', '-c', cores.service.join(',')] : []
