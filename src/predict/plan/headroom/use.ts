import type { InstanceUse } from '../../../kernel/index.ts'

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
