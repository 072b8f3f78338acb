import type { Json } from '../kernel/index.ts'
import type { OddValue } from './check.ts'

/** File descriptor on which the sandbox talks to its parent; its standard output stays free for printing. */
export const fromSandbox = 3

/** An import as it is written, and the file that it is written in. */
export type Import = { readonly specifier: string; readonly from: string }

export type FromSandbox =
  /** Wants the text of a file, by its path from the repository's root. */
  | ({ readonly is: 'read'; readonly path: string } & Import)
  | ({ readonly is: 'refused' } & Import)
  | { readonly is: 'failed'; readonly name: string; readonly message: string; readonly stack: string }
  | { readonly is: 'config'; readonly value: Json; readonly odd: readonly OddValue[] }

export type ToSandbox = { readonly is: 'source'; readonly source: string } | { readonly is: 'none' }

/** Everything that the parent noticed of one evaluation. */
export type Heard = {
  /** The last thing it said of itself. */
  result?: Extract<FromSandbox, { is: 'config' | 'failed' }>
  /** The first import that was not granted. */
  refused?: Import
  /** It said more than any configuration needs, and was ended for that. */
  tooMuch: boolean
  printed: string
  errors: string
  exit: number | null
  signal: NodeJS.Signals | null
}

/** Modules of Node that only calculate: the others are refused. */
export const plainModules: ReadonlySet<string> = new Set([
  'node:assert',
  'node:path',
  'node:querystring',
  'node:url',
  'assert',
  'path',
  'querystring',
  'url',
])
