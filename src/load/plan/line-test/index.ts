import type { Digest, Key, Reason } from '../../../kernel/index.ts'
import type { LocatedLine } from '../line/index.ts'
import type { LineTestSettings, LineVerdict } from './settings.ts'

export type { LineTestSettings, LineVerdict } from './settings.ts'

/** What is started, by key. */
export type LineTestStart = {
  readonly id: string
  readonly release: Digest
  /** Of its instances. */
  readonly instances: readonly Key[]
  /** The environment's gateway. */
  readonly url: string
  readonly test: LineTestSettings
}

/** How it ended: with what was found, whatever it says, or why there is nothing. */
export type LineTestEnd =
  | { readonly is: 'measured'; readonly found: LineVerdict & { readonly body: LocatedLine } }
  | { readonly is: 'failed'; readonly reasons: readonly Reason[] }
  /** Told to stop by whoever stopped everything; it begins again. */
  | { readonly is: 'interrupted' }

/** How far one is. */
export type LineTestProgress = { readonly text: string; readonly trials: number }
