import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { everyRequirement, needs } from '../test/support/requirements.ts'

type Report = {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly numFailedTestSuites: number
  readonly success: boolean
}

/** Runs all tests; what is given on the command line goes to the test runner (a folder, `-t NAME`). */
async function runTests(args: readonly string[]): Promise<Report | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-test-'))
  const file = join(folder, 'report.json')
  const child = spawn(
    'vitest',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args],
    { stdio: 'inherit' },
  )
  await new Promise((resolve) => child.once('exit', resolve))
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Report
  } catch {
    return undefined
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What this machine lacks, what is skipped for it, and how to get it. */
function tellMissing(): void {
  for (const name of everyRequirement) {
    const { missing, enable } = needs(name)
    if (missing) console.log(`skipped: ${missing}; to run them: ${enable}`)
  }
}

const report = await runTests(process.argv.slice(2))
tellMissing()
const passed = report?.numPassedTests ?? 0
// A file that could not even be loaded has no tests to fail.
const failed = Math.max(report?.numFailedTests ?? 1, report && !report.success ? 1 : 0)
const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0)
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)
