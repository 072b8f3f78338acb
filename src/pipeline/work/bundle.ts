import type { Digest, Json } from '../../kernel/index.ts'
import { bundleFolder, overlayBundle, putManifest } from '../bundle/index.ts'
import type { BundleSpec, WorkEnd } from '../plan/work.ts'
import { checkoutTree } from './checkout.ts'
import type { WorkDeps } from './deps.ts'
import { folderOf, withFolderBeside } from './folders.ts'
import { makeImages, type ReleaseImages } from './release-images.ts'

async function putEvidence(
  release: Digest,
  spec: BundleSpec,
  deps: WorkDeps,
  made: ReleaseImages | undefined,
): Promise<[Digest, ...Digest[]]> {
  const put = async (kind: string, body: Json) =>
    (await deps.evidence.put({ kind, at: spec.at, about: { release }, body })).id
  const tests = spec.evidence.tests ? [await put('tests', spec.evidence.tests)] : []
  const provenance = await put('provenance', spec.evidence.provenance)
  const images = made ? [await put('images', made.evidence)] : []
  const [first = provenance, ...rest] = [...tests, ...images, provenance]
  return [first, ...rest]
}

/** Packs the tree with the outputs of all jobs into the release, builds its images, and puts what is known of it. */
export async function packRelease(spec: BundleSpec, deps: WorkDeps, signal: AbortSignal): Promise<WorkEnd> {
  return withFolderBeside(folderOf(deps.folder, spec.folder), async (fresh) => {
    await checkoutTree(spec.change, fresh, signal)
    for (const outputs of spec.outputs) await overlayBundle(deps.blobs, outputs, fresh)
    const bundle = await bundleFolder(deps.blobs, fresh, spec)
    if (bundle.files === 0) throw new Error(`no file matches release.include: ${spec.include.join(', ')}`)
    const made =
      spec.containers && (await makeImages(spec.containers, fresh, spec.evidence.provenance, deps, signal))
    signal.throwIfAborted()
    const release = made
      ? await putManifest(deps.blobs, { is: 'release', files: bundle.digest, containers: made.containers })
      : bundle.digest
    const evidence = await putEvidence(release, spec, deps, made)
    return {
      is: 'bundled',
      release,
      sizeBytes: bundle.sizeBytes,
      ...(made ? { images: made.images } : {}),
      evidence,
    }
  })
}
