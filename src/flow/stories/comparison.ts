import type { Digest } from '../../kernel/index.ts'
import {
  type CompareCommand,
  type CompareSeen,
  type CompareState,
  compareKey,
  compareMachine,
} from '../../load/index.ts'
import { measuringTest } from '../load-tests.ts'
import type { Story } from '../story.ts'
import type { World } from '../world.ts'

/** The comparison whose turn it is, of all that have not ended: the one that was asked for first. */
async function firstOf(world: World): Promise<CompareState | undefined> {
  const open = await world.journal.list({ kind: 'comparison', ended: false })
  return open
    .map((record) => record.state as unknown as CompareState)
    .sort((a, b) => a.requestedAt - b.requestedAt || (a.id < b.id ? -1 : 1))[0]
}

/** The evidence that this comparison has left. */
async function keptOf(world: World, { id, release }: CompareState): Promise<Digest | undefined> {
  const known = await world.evidence.about(release, ['loadLine'])
  return known.find(({ body }) => (body as { comparison?: string }).comparison === id)?.id
}

async function see(world: World, state: CompareState): Promise<CompareSeen> {
  const { id, phase, tries } = state
  const first = phase === 'waiting' ? await firstOf(world) : undefined
  const measuring = phase === 'waiting' ? await measuringTest(world) : undefined
  const ahead = first && first.id !== id ? first.id : measuring?.id
  const kept = phase === 'keeping' ? await keptOf(world, state) : undefined
  return {
    ...(ahead === undefined ? {} : { ahead }),
    found: phase === 'running' ? await world.comparisons.find(compareKey(id, tries)) : 'absent',
    ...(kept ? { kept } : {}),
  }
}

/** Two releases beside each other under load. */
export const comparisonStory = (world: World): Story<CompareState, CompareSeen, CompareCommand> => ({
  machine: compareMachine,
  see: (state) => see(world, state),
})
