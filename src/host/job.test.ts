import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { findJob } from './job.ts'
import { jobFolder } from './layout.ts'

const root = mkdtempSync(join(tmpdir(), 'plimsoll-job-'))
const files = jobFolder(root, 'run/a/1')

/** The file that claims a job as its launcher leaves it, written to so long ago. */
function claim(text: string, agoMs: number): void {
  mkdirSync(files.folder, { recursive: true })
  writeFileSync(files.claim, text)
  const at = (Date.now() - agoMs) / 1_000
  utimesSync(files.claim, at, at)
}

afterEach(() => rmSync(root, { recursive: true, force: true }))

it('a job that is being claimed at this moment is not lost; one whose launcher never wrote is', () => {
  claim('', 0)
  expect(findJob(files, 0)).toBe('running')
  claim('6f1c', 1_000)
  expect(findJob(files, 0)).toBe('running')
  claim('', 60_000)
  expect(findJob(files, 0)).toBe('lost')
})

it('a job whose launcher has written and is gone is lost at once', () => {
  claim('no-such-boot 1 (sh) S 0\n', 0)
  expect(findJob(files, 0)).toBe('lost')
})
