import { allCommands } from '../engine/index.ts'
import type { Clock } from '../kernel/index.ts'
import { memorySeries } from '../series/index.ts'
import { openStore } from '../store/index.ts'
import { cookieOf, thisEngine } from './holding.ts'
import type { Home } from './home.ts'
import { markStopped } from './processes/stopped.ts'
import { secretsBehind } from './secrets-behind.ts'
import { stopEverything } from './stop.ts'
import { createWorld } from './world/index.ts'

/**
 * Ends everything that servers of this folder started and left running. It takes the place of the server (only one holds
 * the store), but neither drives a story nor listens.
 * @throws PlimsollError PLM_STORE_HELD, PLM_NOT_ENDED
 */
export async function endEverything(home: Home, clock: Clock): Promise<void> {
  const store = await openStore(home.store)
  try {
    const cookie = await cookieOf(store)
    const engine = thisEngine()
    const commands = allCommands({ engine, folder: home.jobs, clock, cookie })
    const world = createWorld(home, { store, series: memorySeries({}) }, { commands, engine }, clock, cookie)
    await commands.adopt((key) => secretsBehind(world, key))
    await stopEverything(world.gateways, commands)
    await markStopped(home)
    await commands.close()
  } finally {
    await store.close()
  }
}
