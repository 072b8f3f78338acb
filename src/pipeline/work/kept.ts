import { createHash } from 'node:crypto'
import { canonicalJson, type Digest, type Json } from '../../kernel/index.ts'
import { everything, hashSelection, listFiles } from '../bundle/index.ts'
import type { PrepareSpec } from '../plan/work.ts'
import type { WorkDeps } from './deps.ts'

const digestOf = (value: Json): string => createHash('sha256').update(canonicalJson(value)).digest('hex')

/** What must be the same for kept outputs to be used again: files, commands, and the kind of machine. */
async function fingerprint(folder: string, cache: NonNullable<PrepareSpec['cache']>): Promise<string> {
  const selection = { ...everything, include: cache.key }
  if ((await listFiles(folder, selection)).length === 0)
    throw new Error(`no file matches the cache key ${cache.key.join(', ')}`)
  const files = await hashSelection(folder, selection)
  const { recipe, paths } = cache
  return digestOf({ files, recipe, paths, platform: process.platform, arch: process.arch })
}

export type KeptOutputs = { readonly keepAs: string; readonly kept?: Digest }

/**
 * Looks for outputs that an earlier run kept. A branch that is not protected reads what protected ones kept
 * but never writes there: otherwise anybody's change could put files into a release.
 */
export async function findKept(
  folder: string,
  spec: PrepareSpec,
  deps: WorkDeps,
): Promise<KeptOutputs | undefined> {
  if (!spec.cache) return undefined
  const name = await fingerprint(folder, spec.cache)
  const scopes = spec.trusted
    ? ['protected']
    : [`branch-${digestOf(spec.change.branch).slice(0, 16)}`, 'protected']
  const names = scopes.map((scope) => `${spec.service}/${scope}/${name}`)
  const keepAs = names[0] ?? name
  for (const candidate of names) {
    const kept = await deps.kept.get(candidate)
    if (kept && (await deps.blobs.has(kept))) return { keepAs, kept }
  }
  return { keepAs }
}
