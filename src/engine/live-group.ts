import type { Key } from '../kernel/index.ts'
import type { Kept } from './group.ts'
import type { Looks } from './judge.ts'
import type { Output } from './output.ts'

/** A group as this server knows it. */
export type LiveGroup = {
  readonly key: Key
  kept: Kept
  /** Its containers as last seen. */
  looks: Looks
  /** Values to hide in its log; asked for when the log is opened. */
  readonly secretsOf: () => Promise<readonly string[]>
  output?: Output
  /** Containers that were told to stop by this server. */
  readonly stopping: Set<string>
}

export const liveGroup = (key: Key, kept: Kept, secretsOf: LiveGroup['secretsOf']): LiveGroup => ({
  ...{ key, kept, secretsOf, looks: new Map(), stopping: new Set<string>() },
})
