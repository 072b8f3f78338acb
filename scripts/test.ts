import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { everyRequirement, needs } from '../test/support/requirements.ts'

type Report = {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly numFailedTestSuites: number
  readonly success: boolean
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
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
  await new Promise((resolve) => child.once('exit', resolve).once('error', resolve))
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Report
  } catch {
    return undefined
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Each test that did not run, by file and name. */
function tellSkipped({ testResults }: Report): void {
  for (const { name, assertionResults } of testResults)
    for (const { fullName, status } of assertionResults)
      if (status !== 'passed' && status !== 'failed')
        console.log(`skipped: ${relative('.', name)}  ${fullName}`)
}

/** What this machine lacks, what is skipped for it, and how to get it; how many it lacks though all are required. */
function tellMissing(): number {
  let required = 0
  for (const name of everyRequirement)
    try {
      const { missing, enable } = needs(name)
      if (missing) console.log(`skipped: ${missing}; to run them: ${enable}`)
    } catch (error) {
      console.log(`required: ${error instanceof Error ? error.message : error}`)
      required += 1
    }
  return required
}

const report = await runTests(process.argv.slice(2))
if (report) tellSkipped(report)
const required = tellMissing()
const passed = report?.numPassedTests ?? 0
// A file that could not even be loaded has no tests to fail.
const broken = report?.success && required === 0 ? 0 : 1
const failed = Math.max(report?.numFailedTests ?? 0, broken)
const skipped = (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0)
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)
