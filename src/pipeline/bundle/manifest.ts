import { type ReleaseManifest, releaseManifest } from '../../fleet/index.ts'
import type { Digest } from '../../kernel/index.ts'
import { type BlobStore, digestOf, putJson } from '../../store/index.ts'

/** A manifest is a page, never a book. */
const longestBytes = 1 << 20

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytes) {
    // A bundle is an archive: it begins with the name of a file, or with zeros when it is empty.
    if (size === 0 && chunk[0] !== 0x7b) return undefined
    size += chunk.byteLength
    if (size > longestBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string): ReleaseManifest | undefined {
  try {
    return releaseManifest.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/**
 * What a release with containers consists of; undefined for a release that is a bundle and nothing else.
 * @throws Error when there is no such release
 */
export async function readManifest(blobs: BlobStore, release: Digest): Promise<ReleaseManifest | undefined> {
  const bytes = await blobs.open(release)
  if (!bytes) throw new Error(`the release ${release} is not there`)
  const text = await textOf(bytes)
  return text === undefined ? undefined : parse(text)
}

/** Keeps a manifest; its digest is the release's name. */
export const putManifest = (blobs: BlobStore, manifest: ReleaseManifest): Promise<Digest> =>
  putJson(blobs, manifest)

/** The bundle of a release: itself, or what its manifest says. */
export async function filesOf(blobs: BlobStore, release: Digest): Promise<Digest> {
  return (await readManifest(blobs, release))?.files ?? release
}

/** Name that a release would have whose parts are those that really run. */
export const digestOfManifest = (manifest: ReleaseManifest): Digest => digestOf(manifest)
