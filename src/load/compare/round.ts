import { watchSteal } from '../machine-noise.ts'
import type { Round, RoundFigures, Side } from '../plan/compare/index.ts'
import { memoryOf } from '../process-cpu.ts'
import type { Instance } from './instance.ts'
import { closedSlice, openSlice, type Slice, type Slicing } from './slice.ts'

/** What a round is made of. */
export type RoundPlan = Slicing & {
  /** So many saturate the base within the objective. */
  readonly users: number
  /** Never more than this is sent; without it the closed slices ask for all that a side has. */
  readonly mostPerSecond?: number
  /** Half of what the base carries. */
  readonly ratePerSecond: number
  /** Slices that each side gets in turn with the other. */
  readonly slices: number
  readonly sliceMs: number
  readonly openMs: number
  /** Before anything counts: a fresh instance is slow at first. */
  readonly warmUpMs: number
}

export type Starters = Readonly<Record<Side, () => Promise<Instance>>>

const mostSteal = 0.02

const sum = (slices: readonly Slice[], of: (slice: Slice) => number): number =>
  slices.reduce((total, slice) => total + of(slice), 0)

function figuresOf(closed: readonly Slice[], open: Slice, instance: Instance): RoundFigures | undefined {
  const carriesPerSecond =
    (1_000 * sum(closed, ({ good }) => good)) / sum(closed, ({ durationMs }) => durationMs)
  if (carriesPerSecond <= 0 || open.p50Ms === undefined || open.p99Ms === undefined) return undefined
  const known = closed.every(({ cpuMs }) => cpuMs !== undefined)
  const cpuMicros =
    (1_000 * sum(closed, ({ cpuMs }) => cpuMs ?? 0)) / sum(closed, (slice) => slice.answeredInAll)
  const peakMemoryBytes = instance.group === undefined ? undefined : memoryOf(instance.group)
  return {
    carriesPerSecond,
    p50Ms: open.p50Ms,
    p99Ms: open.p99Ms,
    ...(known && cpuMicros > 0 ? { cpuMicrosPerRequest: cpuMicros } : {}),
    ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes }),
  }
}

/** Nothing was carried: as good as none for a ratio; how long it took is not known. */
const nothing: RoundFigures = { carriesPerSecond: 1e-3 }

/** Both sides loaded in turn, so that whatever slows the machine slows both. */
async function loadBoth(plan: RoundPlan, sides: Readonly<Record<Side, Instance>>, order: readonly Side[]) {
  const closed: Record<Side, Slice[]> = { base: [], change: [] }
  const open: Partial<Record<Side, Slice>> = {}
  const { mostPerSecond } = plan
  const full = (side: Side, durationMs: number): Promise<Slice> =>
    mostPerSecond === undefined
      ? closedSlice(plan, sides[side], plan.users, durationMs)
      : openSlice(plan, sides[side], mostPerSecond, durationMs)
  for (const side of order) await full(side, plan.warmUpMs)
  for (let i = 0; i < plan.slices; i++)
    for (const side of i % 2 === 0 ? order : [...order].reverse())
      closed[side].push(await full(side, plan.sliceMs))
  for (const side of order) open[side] = await openSlice(plan, sides[side], plan.ratePerSecond, plan.openMs)
  return { closed, open: open as Record<Side, Slice> }
}

function whyVoid(stealShare: number, slices: readonly Slice[]): string | undefined {
  if (stealShare > mostSteal) return `others took ${(stealShare * 100).toFixed(1)} % of the machine`
  return slices.some(({ saturated }) => saturated)
    ? 'the generator was saturated, not the service'
    : undefined
}

/** One round: both sides started afresh, loaded in turn, stopped. */
export async function runRound(plan: RoundPlan, start: Starters, order: Round['order']): Promise<Round> {
  const sides: readonly [Side, Side] = order === 'base first' ? ['base', 'change'] : ['change', 'base']
  const running: Partial<Record<Side, Instance>> = {}
  try {
    for (const side of sides) running[side] = await start[side]()
    const instances = running as Record<Side, Instance>
    const steal = watchSteal()
    const { closed, open } = await loadBoth(plan, instances, sides)
    const because = whyVoid(steal(), [...closed.base, ...closed.change, open.base, open.change])
    return {
      order,
      base: figuresOf(closed.base, open.base, instances.base) ?? nothing,
      change: figuresOf(closed.change, open.change, instances.change) ?? nothing,
      ...(because === undefined ? {} : { void: because }),
    }
  } finally {
    for (const instance of Object.values(running)) await instance?.stop()
  }
}
