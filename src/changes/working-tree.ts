import { cp, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Instant, PlimsollError } from '../kernel/index.ts'
import type { Change } from './change.ts'
import { git } from './git.ts'

async function topOf(folder: string): Promise<{ top: string; prefix: string; repository: string }> {
  try {
    const lines = await git(folder, ['rev-parse', '--show-toplevel', '--absolute-git-dir', '--show-prefix'])
    const [top = '', repository = '', prefix = ''] = lines.split('\n')
    return { top, repository, prefix: prefix.replace(/\/$/, '') }
  } catch (error) {
    throw new PlimsollError('PLM_NOT_A_REPOSITORY', `${folder} is not in a git repository`, { cause: error })
  }
}

const branchOf = async (folder: string): Promise<string> =>
  git(folder, ['symbolic-ref', '--short', '--quiet', 'HEAD']).catch(() => 'no branch')

/** Writes the tree of what lies in the folder, through an index that is thrown away afterwards. */
async function writeTree(top: string, repository: string): Promise<string> {
  const temporary = await mkdtemp(join(tmpdir(), 'plimsoll-index-'))
  const index = join(temporary, 'index')
  try {
    // The user's own index saves reading files that have not changed.
    const own = join(repository, 'index')
    if (await stat(own).catch(() => undefined)) await cp(own, index)
    await git(top, ['add', '--all', '.'], { env: { GIT_INDEX_FILE: index }, asUser: true })
    return await git(top, ['write-tree'], { env: { GIT_INDEX_FILE: index }, asUser: true })
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

const countChanged = async (folder: string): Promise<number> =>
  (
    await git(folder, ['status', '--porcelain', '--untracked-files=all', '--', '.'], {
      env: { GIT_OPTIONAL_LOCKS: '0' },
      asUser: true,
    })
  )
    .split('\n')
    .filter(Boolean).length

/** The part of a tree below a folder, which git does not know when it has no file that counts. */
async function partOf(top: string, whole: string, prefix: string): Promise<string> {
  try {
    return await git(top, ['rev-parse', '--verify', '--quiet', `${whole}:${prefix}`])
  } catch (error) {
    const text = `git sees no file in ${join(top, prefix)}: the folder is empty, or ignored`
    throw new PlimsollError('PLM_CONFIG_MISSING', text, { cause: error })
  }
}

/**
 * The working tree as a change: with what is not committed and what is new, without what is ignored. The user's
 * files, index and refs stay as they are; the tree's objects are added to the repository, where git sweeps them later.
 * A folder below the repository's root is a service of its own: its part of the tree.
 * @throws PLM_NOT_A_REPOSITORY, or PLM_CONFIG_MISSING when git sees no file in the folder
 */
export async function snapshotWorkingTree(folder: string, now: Instant): Promise<Change> {
  const { top, repository, prefix } = await topOf(folder)
  const whole = await writeTree(top, repository)
  const tree = prefix === '' ? whole : await partOf(top, whole, prefix)
  const branch = await branchOf(folder)
  const changed = await countChanged(folder)
  const author = await git(folder, ['config', 'user.name'], { asUser: true }).catch(() => 'you')
  const subject =
    changed === 0
      ? `working tree on ${branch}`
      : `working tree on ${branch} (${changed} ${changed === 1 ? 'file' : 'files'} changed)`
  return { id: tree, short: tree.slice(0, 12), branch, tree, subject, author, at: now, repository }
}
