import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Stage } from './stage.ts'
import { services, until } from './story.ts'

/** Ends servers with kill -9, at once or at named points (`src/server/processes/crash-points.ts`). */
export type Killing = {
  /** The process of a server that lives and answers, other than this one. */
  alive(not?: number): Promise<number>
  /** Ends the server. @returns the next one, once it answers */
  kill(): Promise<number>
  /**
   * A new server that will die at the first point, whose successor will die at the second, and so on.
   * @param points `commands.start:after:3`
   * @returns the new server, or one after it where the first point is passed while a server starts
   */
  arm(...points: readonly string[]): Promise<number>
  /** Points that no server has come to yet. */
  left(): readonly string[]
  /** All points have been reached, and a server lives that has none. */
  reached(): Promise<void>
}

export function killingOf(stage: Stage): Killing {
  const file = join(stage.folder, 'crash-at')
  const alive = (not?: number): Promise<number> =>
    until('a server', async () => {
      const pid = await stage.serverPid()
      if (pid === not) return undefined
      await services(stage)
      return pid
    })
  async function kill(): Promise<number> {
    const pid = await stage.serverPid()
    process.kill(pid, 'SIGKILL')
    return alive(pid)
  }
  const left = (): readonly string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [])
  return {
    alive,
    kill,
    left,
    arm(...points) {
      writeFileSync(file, points.join('\n'))
      return kill()
    },
    async reached() {
      await until('the points to be reached', async () => (left().length === 0 ? true : undefined)).catch(
        () => {
          throw new Error(`no server came to ${left().join(', ')}`)
        },
      )
      await alive()
    },
  }
}
