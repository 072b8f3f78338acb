import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { dockerEngine } from '../../engine/index.ts'
import { canonicalJson, type Digest, type Evidence, type Json } from '../../kernel/index.ts'
import { memoryBlobs } from '../bundle/blobs.fixture.ts'
import { fillFolder } from '../bundle/folder.fixture.ts'
import type { ChangeRef } from '../plan/change.ts'
import { change as someChange } from '../plan/story.fixture.ts'
import type { ConfigEnd } from '../plan/work.ts'
import type { WorkDeps } from './deps.ts'

const author = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@b',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@b',
}

export const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd, encoding: 'utf8', env: { PATH: process.env.PATH, ...author } }).trim()

/** The newest commit of a repository as a change. */
export const headOf = (folder: string): ChangeRef => ({
  ...someChange,
  repository: join(folder, '.git'),
  tree: git(folder, 'rev-parse', 'HEAD^{tree}'),
})

/** A git repository with these files in one commit. */
export async function repositoryOf(folder: string, files: Record<string, string>): Promise<ChangeRef> {
  await fillFolder(folder, files)
  git(folder, 'init', '-q', '-b', 'main')
  git(folder, 'add', '-A', '-f')
  git(folder, 'commit', '-qm', 'first')
  return headOf(folder)
}

/** All that work needs, in memory but for the folders. */
export function memoryDeps(folder: string, config: ConfigEnd) {
  const blobs = memoryBlobs()
  const kept = new Map<string, Digest>()
  const evidence = new Map<string, Evidence>()
  const deps: WorkDeps = {
    engine: dockerEngine(() => '/no/engine/here'),
    folder,
    blobs,
    evidence: {
      async put(draft) {
        const text = canonicalJson(draft as unknown as Json)
        const { digest: id } = await blobs.put(
          (async function* () {
            yield Buffer.from(text)
          })(),
        )
        evidence.set(id, { ...draft, id })
        return { ...draft, id }
      },
      get: async (id) => evidence.get(id),
      about: async (release) => [...evidence.values()].filter((one) => one.about.release === release),
    },
    kept: {
      get: async (name) => kept.get(name),
      set: async (name, outputs) => {
        kept.set(name, outputs)
      },
    },
    evaluate: async () => config,
    hasSecret: (name) => name === 'KNOWN',
  }
  return { blobs, kept, evidence, deps }
}
