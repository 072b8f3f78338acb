import { branchHeads, newChanges, type Repositories } from '../changes/index.ts'
import type { Plimsoll } from '../flow/plimsoll.ts'
import { readService, serviceRef } from '../flow/records.ts'
import { newService } from '../flow/service.ts'
import type { Json } from '../kernel/index.ts'

/** Turns pushes into runs: the ref is what was acknowledged; what is not yet a run becomes one. */
export interface Pushes {
  take(service: string, actor: string): Promise<void>
  /** At start: what was pushed just before a crash. */
  takeAll(): Promise<void>
}

export function createPushes({ world, runner }: Plimsoll, repositories: Repositories): Pushes {
  const hasBranches = async (service: string): Promise<boolean> =>
    Object.keys(await branchHeads(await repositories.open(service))).length > 0

  async function take(service: string, actor: string): Promise<void> {
    const of = serviceRef(service)
    // A push that git refused, or one with a wrong name in its address, has made a repository and no service.
    if (!(await readService(world.journal, service)) && !(await hasBranches(service))) return
    await runner.create(of, newService(service) as unknown as Json)
    for (;;) {
      const before = (await readService(world.journal, service))?.seen ?? {}
      const { changes, seen } = await newChanges(await repositories.open(service), before)
      const taken = await runner.tell(of, { is: 'pushed', changes, seen, before, actor })
      const now = (await readService(world.journal, service))?.seen ?? {}
      // Somebody else took a push meanwhile: what he saw may be older than what is there now.
      if (taken || JSON.stringify(now) === JSON.stringify(before)) return
    }
  }
  return {
    take,
    async takeAll() {
      for (const service of await repositories.list()) await take(service, 'plimsoll')
    },
  }
}
