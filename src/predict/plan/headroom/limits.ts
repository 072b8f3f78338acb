import { type InstanceUse, type Limits, sameLimits } from '../../../kernel/index.ts'
import { decisive } from './use.ts'

const resources = ['cpus', 'memoryBytes'] as const

const most = (limit: number | null): number => limit ?? Number.POSITIVE_INFINITY

/** Whether nothing of one is more than of the other. */
export const atMost = (a: Limits, b: Limits): boolean =>
  resources.every((one) => most(a[one]) <= most(b[one]))

export const isLarger = (a: Limits, than: Limits): boolean => atMost(than, a) && !sameLimits(a, than)

/** By CPU, then by memory. */
export const compareLimits = (a: Limits, b: Limits): number =>
  most(a.cpus) === most(b.cpus)
    ? Math.sign(most(a.memoryBytes) - most(b.memoryBytes) || 0)
    : most(a.cpus) - most(b.cpus)

/** How far a size is from a smaller one to a larger one: by the resource of which the smallest part was added. */
export function partBetween(below: Limits, above: Limits, wanted: Limits): number {
  const parts = resources.flatMap((one) => {
    const [from, to, at] = [most(below[one]), most(above[one]), most(wanted[one])]
    if (from === to) return []
    if (at === to) return [1]
    return [Number.isFinite(to) ? (at - from) / (to - from) : 0]
  })
  return Math.min(1, ...parts)
}

/**
 * So many times as much of everything that has a limit, at least: 2 of a size of twice the CPU and thrice the memory. What was used
 * to a part only need not grow as much, where something else was near its limit.
 */
export function shareOfLimits(from: Limits, to: Limits, use: InstanceUse = {}): number {
  const used = { cpus: use.cpu, memoryBytes: use.memory }
  const most = decisive(use) === undefined ? undefined : Math.max(use.cpu ?? 0, use.memory ?? 0)
  const shares = resources.flatMap((one) => {
    const [a, b] = [from[one], to[one]]
    if (a === null || b === null) return []
    const own = used[one]
    return [(b / a) * (most !== undefined && own !== undefined && own > 0 ? most / own : 1)]
  })
  return shares.length === 0 ? 1 : Math.min(...shares)
}
