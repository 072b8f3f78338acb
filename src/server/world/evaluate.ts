import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { holdsCommit } from '../../changes/index.ts'
import { readConfig } from '../../config/read.ts'
import { gateNames } from '../../flow/gates.ts'
import { PlimsollError, type Problem } from '../../kernel/index.ts'
import { type ChangeRef, checkoutTree, type Evaluate } from '../../pipeline/index.ts'
import { type BlobStore, putJson } from '../../store/index.ts'

/** A commit that the change does not hold is a slip of the pen: no release at all would work with the data. */
async function oldestProblem(
  oldest: string | undefined,
  { commit, repository }: ChangeRef,
): Promise<Problem | undefined> {
  if (oldest === undefined || commit === undefined) return undefined
  if (await holdsCommit(repository, commit, oldest)) return undefined
  const text = `is ${oldest}, expected a commit that this change is made on, or this change itself`
  return { at: 'migrate.oldestCompatible', text }
}

/**
 * Reads the configuration of a change as pushed: its tree in a folder of its own, evaluated alone, without secrets.
 * The whole configuration is kept by digest, for whoever guards production by it.
 */
export const evaluateChange =
  (root: string, blobs: BlobStore): Evaluate =>
  async (service, change, signal) => {
    await mkdir(root, { recursive: true })
    const folder = await mkdtemp(join(root, '.config-'))
    try {
      await checkoutTree(change, folder, signal)
      const { config } = await readConfig({ folder, gates: gateNames })
      if (config.service !== service) {
        const text = `the configuration is of service ${config.service}, but was pushed to ${service}`
        return { problems: [{ at: 'service', text }] }
      }
      const problem = await oldestProblem(config.migrate?.oldestCompatible, change)
      if (problem) return { problems: [problem] }
      const digest = await putJson(blobs, config)
      return { pipeline: config.pipeline, release: config.release, containers: config.containers, digest }
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error
      return { problems: error.problems.length > 0 ? error.problems : [{ text: error.message }] }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
