import type { InstanceSize, InstanceUse } from '../../../kernel/index.ts'

/** The most that a container has used: cores in its busiest minute, and memory. */
export type ContainerUsed = {
  readonly name: string
  readonly cpus?: number
  readonly memoryBytes?: number
}

const nearest = (shares: readonly (number | undefined)[]): number | undefined =>
  shares.reduce((most, share) => (share === undefined || (most ?? 0) > share ? most : share), undefined)

const shareOf = (used: number | undefined, limit: number | null | undefined): number | undefined =>
  used === undefined || !limit ? undefined : used / limit

/** How near an instance came to its limits, by the container that came nearest; undefined where nobody has seen it. */
export function usedOf(used: readonly ContainerUsed[], size: InstanceSize): InstanceUse | undefined {
  if (size.is === 'machine') return undefined
  const shares = used.map(({ name, cpus, memoryBytes }) => {
    const limits = size.containers[name]
    return { cpu: shareOf(cpus, limits?.cpus), memory: shareOf(memoryBytes, limits?.memoryBytes) }
  })
  const cpu = nearest(shares.map((one) => one.cpu))
  const memory = nearest(shares.map((one) => one.memory))
  if (cpu === undefined && memory === undefined) return undefined
  return { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) }
}

export type Resource = 'cpu' | 'memory'

/** At most of a limit, the resource is what held the load line down; below, something else may. */
const nearLimit = 0.75

/** Which resource decides what an instance carries: the one that came nearest to its limit, when it came near it. */
export function decisive({ cpu = 0, memory = 0 }: InstanceUse): Resource | undefined {
  if (Math.max(cpu, memory) < nearLimit) return undefined
  return cpu >= memory ? 'cpu' : 'memory'
}

const percent = (share: number): string => `${Math.round(100 * share)} %`

/** `CPU was at 96 % of its limit at the load line, memory at 40 %: more CPU`; undefined where nobody has seen it. */
export function usedText(use: InstanceUse | undefined): string | undefined {
  if (!use) return undefined
  const each = (['cpu', 'memory'] as const).flatMap((what) => {
    const share = use[what]
    return share === undefined ? [] : [[what === 'cpu' ? 'CPU' : 'memory', percent(share)] as const]
  })
  const [[first, share] = ['', ''], second] = each
  const said = `${first} was at ${share} of its limit at the load line${second ? `, ${second[0]} at ${second[1]}` : ''}`
  const decides = decisive(use)
  if (decides !== undefined) return `${said}: more ${decides === 'cpu' ? 'CPU' : 'memory'}`
  return `${said}: neither is what it lacks`
}
