import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleFolder, everything, listFiles } from '../bundle/index.ts'
import { readJunit, reportLimitBytes, sumReports } from '../junit.ts'
import type { CollectedEnd, CollectSpec, TestSummary, WorkEnd } from '../plan/work.ts'
import type { WorkDeps } from './deps.ts'
import { folderOf } from './folders.ts'

type Reports = Pick<CollectedEnd, 'tests' | 'reportProblems'>

/** All reports of a job together are read up to so many bytes. */
const allReportsLimitBytes = 4 * reportLimitBytes

async function readReports(folder: string, junit: string | undefined): Promise<Reports> {
  if (junit === undefined) return { reportProblems: [] }
  const found = await listFiles(folder, { ...everything, include: [junit] })
  const files = found.filter((file) => file.is === 'file')
  if (files.length === 0)
    return { reportProblems: [`no file matches ${junit}: nothing says what the tests did`] }
  const problems: string[] = []
  const tests: TestSummary[] = []
  let leftBytes = allReportsLimitBytes
  for (const { name, sizeBytes } of files) {
    leftBytes -= sizeBytes
    const tooLarge = sizeBytes > reportLimitBytes || leftBytes < 0
    const report = tooLarge
      ? { problem: 'is too large to be read' }
      : readJunit(await readFile(join(folder, name), 'utf8'))
    if ('problem' in report) problems.push(`${name} ${report.problem}`)
    else tests.push(report.tests)
  }
  return { reportProblems: problems, ...(tests.length > 0 ? { tests: sumReports(tests) } : {}) }
}

async function missingOf(folder: string, outputs: readonly string[]): Promise<string[]> {
  const missing: string[] = []
  for (const output of outputs) {
    const files = await listFiles(folder, { ...everything, include: [output] })
    if (files.length === 0) missing.push(output)
  }
  return missing
}

const isGreen = ({ tests, reportProblems }: Reports): boolean =>
  reportProblems.length === 0 && (tests?.failed ?? 0) === 0

/** Reads the reports of a job, and packs its outputs when it passed; keeps them for later runs when asked to. */
export async function collectResults(
  spec: CollectSpec,
  deps: WorkDeps,
  signal: AbortSignal,
): Promise<WorkEnd> {
  const folder = folderOf(deps.folder, spec.folder)
  const reports = await readReports(folder, spec.junit)
  const ended = { is: 'collected' as const, ...reports, missing: [] }
  if (!spec.passed || spec.outputs.length === 0 || !isGreen(reports)) return ended
  const missing = await missingOf(folder, spec.outputs)
  if (missing.length > 0) return { ...ended, missing }
  signal.throwIfAborted()
  const { digest } = await bundleFolder(deps.blobs, folder, { ...everything, include: spec.outputs })
  if (spec.keepAs !== undefined) await deps.kept.set(spec.keepAs, digest)
  return { ...ended, outputs: digest }
}
