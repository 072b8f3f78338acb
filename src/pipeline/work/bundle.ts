import type { Digest, Json } from '../../kernel/index.ts'
import { bundleFolder, overlayBundle } from '../bundle/index.ts'
import { trialKinds } from '../plan/evidence.ts'
import type { BundleSpec, WorkEnd } from '../plan/work.ts'
import { checkoutTree } from './checkout.ts'
import type { WorkDeps } from './deps.ts'
import { folderOf, withFolderBeside } from './folders.ts'

async function putEvidence(
  release: Digest,
  spec: BundleSpec,
  deps: WorkDeps,
): Promise<[Digest, ...Digest[]]> {
  const put = async (kind: string, body: Json) =>
    (await deps.evidence.put({ kind, at: spec.at, about: { release }, body })).id
  const kinds = spec.trial ? trialKinds : { tests: 'tests', provenance: 'provenance' }
  const tests = spec.evidence.tests ? [await put(kinds.tests, spec.evidence.tests)] : []
  const provenance = await put(kinds.provenance, spec.evidence.provenance)
  const [first = provenance, ...rest] = [...tests, provenance]
  return [first, ...rest]
}

/** Packs the tree with the outputs of all jobs into the release, and puts what is known of it. */
export async function packRelease(spec: BundleSpec, deps: WorkDeps, signal: AbortSignal): Promise<WorkEnd> {
  return withFolderBeside(folderOf(deps.folder, spec.folder), async (fresh) => {
    await checkoutTree(spec.change, fresh, signal)
    for (const outputs of spec.outputs) await overlayBundle(deps.blobs, outputs, fresh)
    const { digest, sizeBytes, files } = await bundleFolder(deps.blobs, fresh, spec)
    if (files === 0) throw new Error(`no file matches release.include: ${spec.include.join(', ')}`)
    signal.throwIfAborted()
    return { is: 'bundled', release: digest, sizeBytes, evidence: await putEvidence(digest, spec, deps) }
  })
}
