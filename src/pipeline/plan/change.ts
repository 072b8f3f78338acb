import type { Instant } from '../../kernel/index.ts'

/** The change that a run is about: a commit, or a working tree. */
export type ChangeRef = {
  /** Commit, or the tree for a working tree. */
  readonly id: string
  readonly short: string
  readonly branch: string
  /** Git's name of the tree. */
  readonly tree: string
  readonly commit?: string
  readonly subject: string
  readonly author: string
  readonly at: Instant
  /** Path of the git directory that holds the tree. */
  readonly repository: string
}
