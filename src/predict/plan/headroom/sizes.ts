import { bytesConfig, type InstanceSize, type Limits, limitsInAll } from '../../../kernel/index.ts'
import { compareLimits, isLarger } from './limits.ts'
import type { Resource } from './use.ts'

const gibibyte = 2 ** 30

/** CPUs → the least and the most memory in GiB, and its steps, as AWS documents the sizes of tasks on Fargate. */
const fargate: readonly (readonly [cpus: number, least: number, most: number, step: number])[] = [
  [0.25, 0.5, 2, 0],
  [0.5, 1, 4, 1],
  [1, 2, 8, 1],
  [2, 4, 16, 1],
  [4, 8, 30, 1],
  [8, 16, 60, 4],
  [16, 32, 120, 8],
]

const memoryOf = ([cpus, least, most, step]: (typeof fargate)[number]): readonly number[] =>
  // The smallest has no even steps.
  cpus === 0.25
    ? [0.5, 1, 2]
    : Array.from({ length: Math.floor((most - least) / step) + 1 }, (_, i) => least + i * step)

/** The sizes that a task on Fargate may have. */
export const fargateSizes: readonly Limits[] = fargate.flatMap((row) =>
  memoryOf(row).map((gib) => ({ cpus: row[0], memoryBytes: gib * gibibyte })),
)

const twice = (limit: number | null): number | null => (limit === null ? null : 2 * limit)

/** Twice as much of what decides; of both where nobody knows what does. */
const doubled = ({ cpus, memoryBytes }: Limits, decides: Resource | undefined): Limits => ({
  cpus: decides === 'memory' ? cpus : twice(cpus),
  memoryBytes: decides === 'cpu' ? memoryBytes : twice(memoryBytes),
})

/**
 * The size to measure next: of those that there are the smallest that has more of what decides, and no less of anything;
 * undefined where what decides has no limit, or nothing larger is listed.
 * @param listed none: any size can be had
 */
export function nextSize(
  now: Limits,
  decides: Resource | undefined,
  listed: readonly Limits[],
): Limits | undefined {
  const next = doubled(now, decides)
  if (!isLarger(next, now)) return undefined
  if (listed.length === 0) return next
  const hasMore = (one: Limits): boolean =>
    decides === 'memory'
      ? (one.memoryBytes ?? 0) > (now.memoryBytes ?? 0)
      : now.cpus === null
        ? isLarger(one, now)
        : (one.cpus ?? 0) > now.cpus
  return listed.filter((one) => isLarger(one, now) && hasMore(one)).toSorted(compareLimits)[0]
}

const limitsConfig = ({ cpus, memoryBytes }: Limits): string => {
  const parts = [
    ...(cpus === null ? [] : [`cpus: ${Number(cpus.toPrecision(6))}`]),
    ...(memoryBytes === null ? [] : [`memory: '${bytesConfig(memoryBytes)}'`]),
  ]
  return `{ ${parts.join(', ')} }`
}

const more = (own: number | null, from: number | null, to: number | null): number | null =>
  own === null || from === null || to === null ? to : own + to - from

/** The service itself, which gets what is added. */
const mainOf = (names: readonly string[]): string => (names.includes('app') ? 'app' : (names[0] ?? 'app'))

/** What the service's own container gets so that its instance has so much in all: the others keep what they have. */
export function mainLimits(
  now: InstanceSize | undefined,
  wanted: Limits,
): { readonly main: string; readonly limits: Limits } {
  const containers = now?.is === 'containers' ? now.containers : {}
  const main = mainOf(Object.keys(containers))
  const own = containers[main]
  if (!now || !own) return { main, limits: wanted }
  const total = limitsInAll(now)
  const limits = {
    cpus: more(own.cpus, total.cpus, wanted.cpus),
    memoryBytes: more(own.memoryBytes, total.memoryBytes, wanted.memoryBytes),
  }
  return { main, limits }
}

/** How an environment says that its instances have so much in all: `{ app: { cpus: 2, memory: '4GiB' } }`. */
export function limitsGiven(now: InstanceSize | undefined, wanted: Limits): string {
  const { main, limits } = mainLimits(now, wanted)
  return `{ ${main}: ${limitsConfig(limits)} }`
}
