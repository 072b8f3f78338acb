import type { Instant } from '../kernel/index.ts'
import { git } from './git.ts'

/** One commit of a service, or a developer's working tree. */
export type Change = {
  /** Commit; of a working tree its tree. */
  readonly id: string
  readonly short: string
  readonly branch: string
  /** Git's name of the tree. */
  readonly tree: string
  readonly commit?: string
  /** First line of the message. */
  readonly subject: string
  readonly author: string
  readonly at: Instant
  /** Absolute path of the git directory that holds the tree. */
  readonly repository: string
}

/** Fields apart by a byte that no message holds. */
const format = ['%H', '%T', '%an', '%ct', '%s'].join('%x00')

/**
 * A commit as a change of a branch.
 * @throws Error when the repository has no such commit
 */
export async function readChange(repository: string, revision: string, branch: string): Promise<Change> {
  const line = await git(repository, ['show', '--no-patch', `--format=${format}`, `${revision}^{commit}`])
  const [commit = '', tree = '', author = '', seconds = '', subject = ''] = line.split('\0')
  const at = Number(seconds) * 1_000
  return { id: commit, short: commit.slice(0, 12), branch, tree, commit, subject, author, at, repository }
}
