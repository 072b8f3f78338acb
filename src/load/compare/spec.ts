import type { CompareOptions } from '../plan/compare/index.ts'
import type { SizesCompared } from '../plan/story/state.ts'
import type { Service } from './instance.ts'

/** One side, with what people call it and what it is exactly. */
export type SideSpec = { readonly name: string; readonly exactly: string; readonly service: Service }

/** All that the process of a comparison must know; plain data in a file. */
export type CompareSpec = {
  readonly base: SideSpec
  readonly change: SideSpec
  readonly path: string
  /** Absolute path of a scenario's file. */
  readonly scenario?: string
  /** What the scenario is called, for people. */
  readonly sends: string
  /** `p99<250ms` */
  readonly objective: string
  readonly options: CompareOptions
  readonly besideProduction: boolean
  readonly sizes?: SizesCompared
}
