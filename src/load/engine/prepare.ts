import type { EnginePlan } from './engine-plan.ts'
import { watchMemory } from './memory.ts'
import { findOrigin, originKey } from './origin.ts'
import { type Driver, RequestDriver, type WorkerPlace } from './requests.ts'
import { loadScenarioFile, placeOf } from './scenario-file.ts'
import { ScenarioDriver } from './scenarios.ts'
import type { Tally } from './tally.ts'

/** Makes a driver once it is known when to begin. */
export type MakeDriver = (place: WorkerPlace) => Driver

/** The names of requests, each looked up once. */
async function findOrigins(urls: readonly string[]) {
  const byKey = new Map(urls.map((url) => [originKey(new URL(url)), new URL(url)]))
  return new Map(
    await Promise.all([...byKey].map(async ([key, url]) => [key, await findOrigin(url)] as const)),
  )
}

/** What a scenario throws where nobody waits for it would otherwise end the whole thread. */
function watchStrays(driver: ScenarioDriver, file: string): ScenarioDriver {
  process.on('unhandledRejection', (error) => driver.stray(error))
  process.on('uncaughtException', (error) => {
    // What does not come from the scenario is a fault of our own, and not to be hidden.
    if (placeOf(error, file) === undefined) throw error
    driver.stray(error)
  })
  return driver
}

/**
 * Makes ready whatever can be made ready before the load begins.
 * @param giveUp told once when the thread is about to use up its memory
 * @throws PLM_LOAD_TARGET when a name has no address, PLM_LOAD_SCENARIO when a scenario's file cannot be used
 */
export async function prepareDriver(
  plan: EnginePlan,
  tally: Tally,
  giveUp: (because: string) => void,
): Promise<MakeDriver> {
  const { script } = plan
  if (script.is === 'scenarios') {
    const file = await loadScenarioFile(script.file)
    const base = script.baseUrl ?? file.baseUrl
    // A name without an address is told at once, rather than by every user.
    if (base !== undefined) await findOrigin(new URL(base))
    const isFull = watchMemory((used) => giveUp(`the scenario keeps more and more: its thread used ${used}`))
    return (place) => watchStrays(new ScenarioDriver(plan, script, file, place, tally, isFull), script.file)
  }
  const origins = await findOrigins(script.requests.map(({ url }) => url))
  return (place) => new RequestDriver(plan, script.requests, origins, place, tally)
}
