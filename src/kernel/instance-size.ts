import { z } from 'zod'
import { bytesText } from './bytes.ts'
import { canonicalJson } from './json.ts'

const limit = z.number().positive().nullable()

/** So much may be used; null: nothing limits it. */
export const limitsSchema = z.object({ cpus: limit, memoryBytes: limit })
export type Limits = z.output<typeof limitsSchema>

const machine = z.object({ cpus: z.number().positive(), memoryBytes: z.number().positive() })
/** All that a machine has. */
export type MachineSize = z.output<typeof machine>

/**
 * What an instance may use: the limits of each of its containers, or, of a process, which has none of its own, all that its
 * machine has.
 */
export const instanceSizeSchema = z.discriminatedUnion('is', [
  z.object({
    is: z.literal('containers'),
    containers: z.record(z.string(), limitsSchema.extend({ essential: z.boolean() })),
  }),
  machine.extend({ is: z.literal('machine') }),
])
export type InstanceSize = z.output<typeof instanceSizeSchema>

/** How near an instance came to its limits, the nearest of them: 0.96 of its CPU. Absent: nobody has seen it, or nothing limits it. */
export const instanceUseSchema = z.object({
  cpu: z.number().nonnegative().optional(),
  memory: z.number().nonnegative().optional(),
})
export type InstanceUse = z.output<typeof instanceUseSchema>

/** Machines that differ by less are alike: what a kernel keeps for itself differs from start to start. */
const alike = 0.05

function sum(parts: readonly (Limits & { readonly essential: boolean })[], of: keyof Limits): number | null {
  if (parts.some((one) => one.essential && one[of] === null)) return null
  return parts.reduce((total, one) => total + (one[of] ?? 0), 0) || null
}

/** All containers together, as those of a task are counted; without a limit where one that is essential has none. */
export function limitsInAll(size: InstanceSize): Limits {
  if (size.is === 'machine') return { cpus: size.cpus, memoryBytes: size.memoryBytes }
  const parts = Object.values(size.containers)
  return { cpus: sum(parts, 'cpus'), memoryBytes: sum(parts, 'memoryBytes') }
}

export const sameLimits = (a: Limits, b: Limits): boolean =>
  a.cpus === b.cpus && a.memoryBytes === b.memoryBytes

/** Whether two instances may use the same, container by container. */
export function sameSize(a: InstanceSize, b: InstanceSize): boolean {
  if (a.is === 'containers' || b.is === 'containers') return canonicalJson(a) === canonicalJson(b)
  return a.cpus === b.cpus && Math.abs(a.memoryBytes / b.memoryBytes - 1) < alike
}

/** 2 → `2 CPUs` */
export const cpusText = (cpus: number): string => `${cpus} CPU${cpus === 1 ? '' : 's'}`

/** `2 CPUs and 4 GiB`, `1 CPU and no limit of memory` */
export function limitsText({ cpus, memoryBytes }: Limits): string {
  if (cpus === null && memoryBytes === null) return 'no limits'
  const memory = memoryBytes === null ? 'no limit of memory' : bytesText(memoryBytes)
  return `${cpus === null ? 'no limit of CPU' : cpusText(cpus)} and ${memory}`
}

/** `2 CPUs and 4 GiB`; of several containers, how it is shared out among them, too. */
export function instanceSizeText(size: InstanceSize): string {
  const total = limitsText(limitsInAll(size))
  if (size.is === 'machine') return `no limits of their own, on a machine with ${total}`
  const parts = Object.entries(size.containers)
  if (parts.length < 2) return total
  return `${total} (${parts.map(([name, limits]) => `${name}: ${limitsText(limits)}`).join('; ')})`
}
