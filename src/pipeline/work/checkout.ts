import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { ChangeRef } from '../plan/change.ts'

const run = promisify(execFile)

/** Nothing of this user's or this machine's git settings may change what a tree looks like. */
const environment = (indexFile: string): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_INDEX_FILE: indexFile,
})

/** Nor may the repository's own: nothing of it is run, and nothing left out or rewritten. */
const settings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.sparseCheckout=false',
  'core.autocrlf=false',
  'core.symlinks=true',
  'submodule.recurse=false',
].flatMap((setting) => ['-c', setting])

const isTree = (name: string): boolean => /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(name)

/**
 * Writes the tree of a change into an empty folder, links and modes as they are, with an index of its own, so that
 * several can do it at once. Not `git archive`, which leaves out what `export-ignore` names.
 * @throws Error with what git said
 */
export async function checkoutTree(
  change: Pick<ChangeRef, 'repository' | 'tree'>,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  if (!isTree(change.tree)) throw new Error(`${change.tree} is no name of a tree`)
  const indexFile = `${folder}.index`
  const at = [`--git-dir=${change.repository}`, `--work-tree=${folder}`]
  try {
    const options = { cwd: folder, env: environment(indexFile), signal }
    await run('git', [...settings, ...at, 'read-tree', '--reset', '-u', change.tree], options)
  } finally {
    await rm(indexFile, { force: true })
  }
}
