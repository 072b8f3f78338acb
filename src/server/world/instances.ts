import { readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../../engine/index.ts'
import type { ReleaseManifest } from '../../fleet/index.ts'
import type { Instances } from '../../flow/world.ts'
import { type Clock, type Digest, PlimsollError } from '../../kernel/index.ts'
import { digestOfManifest, filesOf, hashFolder, readManifest, unpackBundle } from '../../pipeline/index.ts'
import type { BlobStore } from '../../store/index.ts'
import { createPorts } from './ports.ts'
import { probe } from './probe.ts'

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
 */
export function createInstances(root: string, blobs: BlobStore, engine: Engine, clock: Clock): Instances {
  const folderFor = (files: Digest) => join(root, files.slice('sha256:'.length))
  const freePorts = createPorts(clock, process.pid * 97)

  async function containersOf(release: Digest): Promise<ReleaseManifest['containers']> {
    const manifest = await readManifest(blobs, release)
    if (manifest) return manifest.containers
    throw new PlimsollError('PLM_IMAGE_MISSING', `the release ${release} was built without images`)
  }

  async function missingImages(release: Digest): Promise<string[]> {
    const containers = Object.entries(await containersOf(release))
    const looked = containers.map(async ([name, { image }]) =>
      (await engine.image(image)) ? [] : [`${image} of ${name}`],
    )
    return (await Promise.all(looked)).flat()
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
    freePorts,
    containersOf,
    async folderOf(release, target) {
      if (target === 'docker') return (await missingImages(release)).length === 0 ? 'the engine' : undefined
      const folder = folderFor(await filesOf(blobs, release))
      return (await exists(folder)) ? folder : undefined
    },
    async unpack(release, target) {
      if (target === 'docker') {
        const missing = await missingImages(release)
        if (missing.length > 0) throw new PlimsollError('PLM_IMAGE_MISSING', missing.join(', '))
        return
      }
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
