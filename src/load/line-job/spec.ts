import type { LineTestSettings } from '../plan/line-test/settings.ts'
import type { WatchedContainer } from '../service/index.ts'

/** All that the process of a load test must know; plain data in a file. */
export type LineJobSpec = Omit<LineTestSettings, 'scenario' | 'env'> & {
  /** The environment's gateway, without a slash at its end. */
  readonly url: string
  /** Absolute path of a scenario's file. */
  readonly scenario?: string
  /** What is sent, for people. */
  readonly sends: string
  readonly seed: number
  /** Those of what is measured, where it runs in any. */
  readonly containers?: readonly WatchedContainer[]
}
