import { PlimsollError } from '../kernel/index.ts'
import { type Change, readChange } from './change.ts'
import { git } from './git.ts'

const authorOf = (name: string): Record<string, string> => ({
  GIT_AUTHOR_NAME: name,
  GIT_AUTHOR_EMAIL: 'tree@plimsoll',
  GIT_COMMITTER_NAME: name,
  GIT_COMMITTER_EMAIL: 'tree@plimsoll',
})

/**
 * A commit of a working tree that no branch has: only so can its files be pushed. The user's branches, index and files
 * stay as they are; git sweeps the commit later.
 * @returns the commit
 */
export async function commitWorkingTree(folder: string, { tree, subject, author }: Change): Promise<string> {
  const head = await git(folder, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']).catch(() => '')
  // A service in a folder below the root has a history of its own where it is pushed to.
  const whole = (await git(folder, ['rev-parse', '--show-prefix'])) === ''
  const parent = whole && head ? ['-p', head] : []
  return git(folder, ['commit-tree', tree, ...parent, '-m', subject], { env: authorOf(author) })
}

/**
 * The commit that a revision means in a developer's repository.
 * @throws PLM_NOT_FOUND
 */
export async function findCommit(folder: string, revision: string): Promise<Change> {
  const repository = await git(folder, ['rev-parse', '--absolute-git-dir'])
  try {
    const commit = await git(folder, [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${revision}^{commit}`,
    ])
    return await readChange(repository, commit, revision)
  } catch (error) {
    throw new PlimsollError('PLM_NOT_FOUND', `this repository has no branch or commit ${revision}`, {
      cause: error,
    })
  }
}

export type TrialPush = {
  readonly folder: string
  /** Of the service's repository on the server. */
  readonly url: string
  readonly token: string
  readonly commit: string
  /** Not a branch: it starts no run. */
  readonly ref: string
}

/** Pushes a commit to where a try finds it. The token is in nobody's list of processes. */
export async function pushTrial({ folder, url, token, commit, ref }: TrialPush): Promise<void> {
  const env = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(`plimsoll:${token}`).toString('base64')}`,
  }
  await git(folder, ['push', '--quiet', '--no-verify', url, `${commit}:${ref}`], { env })
}

/** Lets go of what a ref kept; nothing when it is gone. */
export async function dropRef(repository: string, ref: string): Promise<void> {
  await git(repository, ['update-ref', '-d', ref])
}
