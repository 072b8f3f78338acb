import { readlink, stat } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Engine } from '../../engine/index.ts'
import type { ReleaseManifest } from '../../fleet/index.ts'
import type { Instances } from '../../flow/world.ts'
import { jobFolder } from '../../host/index.ts'
import { type Clock, type Digest, type Key, shortDigest } from '../../kernel/index.ts'
import { digestOfManifest, filesOf, hashFolder, readManifest, unpackBundle } from '../../pipeline/index.ts'
import type { BlobStore } from '../../store/index.ts'
import { createPorts } from './ports.ts'
import { probe } from './probe.ts'
import { scrape } from './scrape.ts'

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** The folder that a process works in; undefined when it is gone. */
const workingFolder = (pid: number): Promise<string | undefined> =>
  readlink(`/proc/${pid}/cwd`).catch(() => undefined)

/** The manifest with the images that really run in it: its digest is the release's only when they are the same. */
function asRuns(manifest: ReleaseManifest, images: Readonly<Record<string, Digest>>): ReleaseManifest {
  const found = Object.entries(manifest.containers).flatMap(([name, container]) => {
    const image = images[name]
    return image === undefined ? [] : [[name, { ...container, image }] as const]
  })
  return { ...manifest, containers: Object.fromEntries(found) }
}

/**
 * Instances as processes of this machine, or as containers of its engine. The files of each release are unpacked once,
 * into a folder named by their digest.
 * @param folders where releases are unpacked, and where the jobs of instances have their folders
 */
export function createInstances(
  { releases: root, jobs }: { readonly releases: string; readonly jobs: string },
  blobs: BlobStore,
  engine: Engine,
  clock: Clock,
): Instances {
  const readyFile = (key: Key) => join(jobFolder(jobs, key).folder, 'ready')
  const folderFor = (files: Digest) => join(root, files.slice('sha256:'.length))
  const freePorts = createPorts(clock, process.pid * 97)

  /** What an engine has not, or no longer, of a release. */
  async function missingFrom(release: Digest): Promise<string | undefined> {
    const manifest = await readManifest(blobs, release)
    if (!manifest) return 'it was built without images'
    const looked = Object.entries(manifest.containers).map(async ([name, { image }]) =>
      (await engine.image(image)) ? [] : [`the image of ${name} (${shortDigest(image)})`],
    )
    const missing = (await Promise.all(looked)).flat()
    return missing.length === 0 ? undefined : `the engine does not have ${missing.join(' and ')}`
  }

  async function runsFrom(pid: number, release: Digest): Promise<Digest | undefined> {
    const folder = await workingFolder(pid)
    if (!folder?.startsWith(root)) return undefined
    const files = await hashFolder(folder)
    const manifest = await readManifest(blobs, release)
    return manifest ? digestOfManifest({ ...manifest, files }) : files
  }

  return {
    probe,
    scrape,
    readyFile: async (key) => readyFile(key),
    isReady: (key) => exists(readyFile(key)),
    freePorts,
    lacks: async (release, target) => (target === 'docker' ? missingFrom(release) : undefined),
    machine: async () => ({ cpus: availableParallelism(), memoryBytes: totalmem() }),
    containersOf: async (release) => (await readManifest(blobs, release))?.containers ?? {},
    async folderOf(release, target) {
      if (target === 'docker') return (await missingFrom(release)) === undefined ? 'the engine' : undefined
      const folder = folderFor(await filesOf(blobs, release))
      return (await exists(folder)) ? folder : undefined
    },
    async unpack(release, target) {
      // Images lie with the engine, where the release was built.
      if (target === 'docker') return
      const files = await filesOf(blobs, release)
      await unpackBundle(blobs, files, folderFor(files))
    },
    async runs({ pid, images }, release) {
      if (pid !== undefined) return runsFrom(pid, release)
      const manifest = images && (await readManifest(blobs, release))
      return manifest && digestOfManifest(asRuns(manifest, images))
    },
  }
}
