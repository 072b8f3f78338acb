import { memoryOf } from '../../host/process-stats.ts'
import { watchSteal } from '../machine-noise.ts'
import type { Round, RoundFigures, Side } from '../plan/compare/index.ts'
import type { Instance } from './instance.ts'
import { openSlice, type Slice, type Slicing, slicesInTurn, type Turns } from './slice.ts'

/** What a round is made of. */
export type RoundPlan = Slicing &
  Turns & {
    /** Never more than this is sent; without it both are asked for all that they have. */
    readonly mostPerSecond?: number
    /** Half of what the base carries. */
    readonly ratePerSecond: number
    readonly openMs: number
  }

export type Starters = Readonly<Record<Side, () => Promise<Instance>>>

type Order = readonly [Side, Side]

const mostSteal = 0.02

function figuresOf(full: Slice, open: Slice, { group }: Instance): RoundFigures | undefined {
  const carriesPerSecond = (1_000 * full.good) / full.durationMs
  if (!(carriesPerSecond > 0) || open.p50Ms === undefined || open.p99Ms === undefined) return undefined
  const cpuMicros = (1_000 * (full.cpuMs ?? 0)) / full.answeredInAll
  const peakMemoryBytes = group === undefined ? undefined : memoryOf(group)
  return {
    carriesPerSecond,
    p50Ms: open.p50Ms,
    p99Ms: open.p99Ms,
    ...(cpuMicros > 0 ? { cpuMicrosPerRequest: cpuMicros } : {}),
    ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes }),
  }
}

/** Nothing was carried: as good as none for a ratio; how long it took is not known. */
const nothing: RoundFigures = { carriesPerSecond: 1e-3 }

type Slices = Readonly<Record<Side, Slice>>

async function oneAfterTheOther(order: Order, slice: (side: Side) => Promise<Slice>): Promise<Slices> {
  const slices: Partial<Record<Side, Slice>> = {}
  for (const side of order) slices[side] = await slice(side)
  return slices as Slices
}

/** All that they have, or all that may be sent. */
function fullLoad(plan: RoundPlan, sides: Readonly<Record<Side, Instance>>, order: Order): Promise<Slices> {
  const { mostPerSecond, turns, turnMs } = plan
  if (mostPerSecond === undefined) return slicesInTurn(plan, sides, order, plan)
  return oneAfterTheOther(order, (side) => openSlice(plan, sides[side], mostPerSecond, turns * turnMs))
}

function whyVoid(stealShare: number, slices: readonly Slice[]): string | undefined {
  if (stealShare > mostSteal) return `others took ${(stealShare * 100).toFixed(1)} % of the machine`
  return slices.some(({ saturated }) => saturated)
    ? 'the generator was saturated, not the service'
    : undefined
}

/** One round: both sides started afresh, loaded in turn, stopped. */
export async function runRound(plan: RoundPlan, start: Starters, order: Round['order']): Promise<Round> {
  const sides: Order = order === 'base first' ? ['base', 'change'] : ['change', 'base']
  const running: Partial<Record<Side, Instance>> = {}
  try {
    for (const side of sides) running[side] = await start[side]()
    const instances = running as Record<Side, Instance>
    const steal = watchSteal()
    const full = await fullLoad(plan, instances, sides)
    const open = await oneAfterTheOther(sides, (side) =>
      openSlice(plan, instances[side], plan.ratePerSecond, plan.openMs),
    )
    const because = whyVoid(steal(), [full.base, full.change, open.base, open.change])
    return {
      order,
      base: figuresOf(full.base, open.base, instances.base) ?? nothing,
      change: figuresOf(full.change, open.change, instances.change) ?? nothing,
      ...(because === undefined ? {} : { void: because }),
    }
  } finally {
    for (const instance of Object.values(running)) await instance?.stop()
  }
}
