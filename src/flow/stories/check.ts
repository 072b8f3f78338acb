import { type CheckSeen, type CheckState, check, checkKey } from '../../deploy/index.ts'
import { keptOf } from '../checks.ts'
import { secretsProblem } from '../environment-variables.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

/** So many of the last lines are kept with the answer. */
const linesKept = 10

async function see(world: World, state: CheckState): Promise<CheckSeen> {
  const key = checkKey(state.id)
  if (state.phase !== 'asking') {
    const kept = await keptOf(world, state)
    return { found: 'absent', lines: [], ...(kept ? { kept } : {}) }
  }
  const found = await world.commands.find(key)
  if (found === 'running') return { found, lines: [] }
  const problem = found === 'absent' ? await secretsProblem(world, [state.command.env]) : undefined
  const lines = found === 'absent' ? [] : await world.lastLines(key, linesKept)
  return { found, lines, ...(problem === undefined ? {} : { problem }) }
}

/** A question of a gate about one deployment. */
export const checkStory = (world: World): Story<CheckState, CheckSeen, never> => ({
  machine: check,
  see: (state) => see(world, state),
})
