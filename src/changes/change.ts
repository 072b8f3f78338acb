import { type Instant, oneLine } from '../kernel/index.ts'
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
  /** First line of the message, without what would steer a terminal. */
  readonly subject: string
  readonly author: string
  readonly at: Instant
  /** Absolute path of the git directory that holds the tree. */
  readonly repository: string
}

/** Fields apart by a byte that no message holds. */
const format = ['%H', '%T', '%an', '%ct', '%s'].join('%x00')

/**
 * Whether a commit is, or comes after, another one.
 * @returns undefined when the repository does not have both
 */
export async function holdsCommit(
  repository: string,
  commit: string,
  other: string,
): Promise<boolean | undefined> {
  try {
    await git(repository, ['merge-base', '--is-ancestor', `${other}^{commit}`, `${commit}^{commit}`])
    return true
  } catch (error) {
    return (error as { code?: number }).code === 1 ? false : undefined
  }
}

/**
 * A commit as a change of a branch.
 * @throws Error when the repository has no such commit
 */
export async function readChange(repository: string, revision: string, branch: string): Promise<Change> {
  const line = await git(repository, ['show', '--no-patch', `--format=${format}`, `${revision}^{commit}`])
  const [commit = '', tree = '', author = '', seconds = '', subject = ''] = line.split('\0')
  const at = Number(seconds) * 1_000
  const said = { subject: oneLine(subject), author: oneLine(author) }
  return { id: commit, short: commit.slice(0, 12), branch, tree, commit, ...said, at, repository }
}
