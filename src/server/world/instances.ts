import { readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Instances } from '../../flow/world.ts'
import { jobFolder } from '../../host/index.ts'
import type { Clock, Digest, Key } from '../../kernel/index.ts'
import { hashFolder, unpackBundle } from '../../pipeline/index.ts'
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

/** Instances as processes of this machine. Each release is unpacked once, into a folder named by its digest. */
export function createInstances(root: string, jobs: string, blobs: BlobStore, clock: Clock): Instances {
  const readyFile = (key: Key) => join(jobFolder(jobs, key).folder, 'ready')
  const folderFor = (release: Digest) => join(root, release.slice('sha256:'.length))
  const freePorts = createPorts(clock, process.pid * 97)
  return {
    probe,
    scrape,
    readyFile: async (key) => readyFile(key),
    isReady: (key) => exists(readyFile(key)),
    freePorts,
    async folderOf(release) {
      const folder = folderFor(release)
      return (await exists(folder)) ? folder : undefined
    },
    unpack: (release) => unpackBundle(blobs, release, folderFor(release)),
    async runs(pid) {
      const folder = await workingFolder(pid)
      return folder?.startsWith(root) ? hashFolder(folder) : undefined
    },
  }
}
