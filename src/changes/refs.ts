import { type Change, readChange } from './change.ts'
import { git } from './git.ts'

/** Branch → commit. */
export type Refs = Readonly<Record<string, string>>

export async function branchHeads(repository: string): Promise<Refs> {
  const lines = await git(repository, [
    'for-each-ref',
    '--format=%(refname:lstrip=2)%00%(objectname)',
    'refs/heads',
  ])
  const pairs = lines
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\0') as [string, string])
  return Object.fromEntries(pairs)
}

/**
 * What was pushed since the refs were last seen: the ref is the acknowledgement, so whatever it names is a change that
 * was accepted. Each branch whose head has moved gives its new head; branches that are gone give nothing.
 */
export async function newChanges(
  repository: string,
  before: Refs,
): Promise<{ changes: Change[]; seen: Refs }> {
  const seen = await branchHeads(repository)
  const moved = Object.entries(seen).filter(([branch, commit]) => before[branch] !== commit)
  const changes = await Promise.all(moved.map(([branch, commit]) => readChange(repository, commit, branch)))
  return { changes, seen }
}
