import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { everything, listFiles, overlayBundle } from '../bundle/index.ts'
import type { PrepareSpec, WorkEnd } from '../plan/work.ts'
import { checkoutTree } from './checkout.ts'
import type { WorkDeps } from './deps.ts'
import { folderOf, withFolderBeside } from './folders.ts'
import { haveImage } from './images.ts'
import { findKept, type KeptOutputs } from './kept.ts'

async function checkSecrets(names: readonly string[], deps: WorkDeps): Promise<void> {
  const missing: string[] = []
  for (const name of names) if (!(await deps.hasSecret(name))) missing.push(name)
  if (missing.length > 0) throw new Error(`the secret ${missing.join(' and ')} has no value`)
}

/** Reports that came with the tree or with outputs say nothing of this job. */
async function removeReports(folder: string, junit: string | undefined): Promise<void> {
  if (junit === undefined) return
  for (const report of await listFiles(folder, { ...everything, include: [junit] }))
    await rm(join(folder, report.name))
}

async function fill(
  folder: string,
  spec: PrepareSpec,
  deps: WorkDeps,
  signal: AbortSignal,
): Promise<KeptOutputs | undefined> {
  await checkoutTree(spec.change, folder, signal)
  for (const outputs of spec.outputs) await overlayBundle(deps.blobs, outputs, folder)
  const found = await findKept(folder, spec, deps)
  if (found?.kept) await overlayBundle(deps.blobs, found.kept, folder)
  await removeReports(folder, spec.junit)
  signal.throwIfAborted()
  return found
}

/** Makes the working directory of a job afresh: the tree, the outputs of the jobs it needs, what was kept. */
export async function prepareFolder(
  spec: PrepareSpec,
  deps: WorkDeps,
  signal: AbortSignal,
): Promise<WorkEnd> {
  await checkSecrets(spec.secrets, deps)
  const folder = folderOf(deps.folder, spec.folder)
  const found = await withFolderBeside(folder, async (fresh) => {
    const kept = await fill(fresh, spec, deps, signal)
    await rm(folder, { recursive: true, force: true })
    await rename(fresh, folder)
    return kept
  })
  // Where nothing is left to be run there is nothing to run it in.
  const wanted = found?.kept && spec.junit === undefined ? undefined : spec.container
  const image =
    wanted && (await haveImage({ from: wanted, folder, service: spec.service }, deps.engine, signal))
  return { is: 'prepared', ...found, ...(image ? { image: image.id } : {}) }
}
