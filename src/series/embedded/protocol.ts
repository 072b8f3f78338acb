import type { ErrorCode, Instant } from '../../kernel/index.ts'
import type { Query } from '../query/query.ts'
import type { Matcher } from '../series.ts'
import type { EngineOptions, Readings } from './engine.ts'

/** What the thread of the store begins with. */
export type Start = Omit<EngineOptions, 'tell'>

/** What is asked of it, by the name of what does it. */
export type Ask =
  | { readonly is: 'append'; readonly readings: Readings }
  | {
      readonly is: 'select'
      readonly matchers: readonly Matcher[]
      readonly from: Instant
      readonly to: Instant
    }
  | { readonly is: 'instant'; readonly query: Query; readonly at: Instant }
  | {
      readonly is: 'range'
      readonly query: Query
      readonly from: Instant
      readonly to: Instant
      readonly stepMs: number
    }
  | { readonly is: 'flush' }
  | { readonly is: 'status' }
  | { readonly is: 'close' }

/** An error on its way between threads; `code` of those that have one. */
export type Failure = { readonly code: ErrorCode | undefined; readonly text: string }

export type Asked = { readonly number: number; readonly ask: Ask }
export type Told =
  | { readonly is: 'ready' }
  | { readonly is: 'done'; readonly number: number; readonly value: unknown }
  | { readonly is: 'failed'; readonly number: number | undefined; readonly failure: Failure }
  | { readonly is: 'problem'; readonly failure: Failure }
