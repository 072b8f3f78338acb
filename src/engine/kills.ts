import { bytesText } from '../kernel/index.ts'
import { labelOf } from './create-body.ts'
import type { Kept, KillSeen } from './group.ts'
import type { Kill } from './shapes.ts'

/** What is remembered of a group at most; what a process does that is ended over and over needs no more. */
const mostKept = 200

/** Those of a group that nobody has seen before. */
export function newKills({ kills = [] }: Kept, key: string, told: readonly Kill[]): readonly KillSeen[] {
  return told
    .filter(({ labels }) => labels[labelOf.key] === key)
    .map(({ labels, at }) => ({ container: labels[labelOf.container] ?? '', at }))
    .filter((one) => !kills.some(({ container, at }) => container === one.container && at === one.at))
}

export const withKills = ({ kills = [] }: Kept, more: readonly KillSeen[]): Pick<Kept, 'kills'> => ({
  kills: [...kills, ...more].slice(-mostKept),
})

/** `killed: out of memory, limit 256 MiB`; with the name of the container where there are several. */
export function killText({ containers }: Kept, container: string): string {
  const one = containers.find(({ name }) => name === container)
  const limit = one?.memoryBytes === undefined ? '' : `, limit ${bytesText(one.memoryBytes)}`
  return `${containers.length > 1 ? `container ${container} ` : ''}killed: out of memory${limit}`
}
