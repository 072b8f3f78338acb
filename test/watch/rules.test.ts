import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { alertWindows, canFire } from '../../src/watch/index.ts'
import { needs, promtoolPath } from '../support/requirements.ts'
import { classes, rulesOf, storiesOf, testFile } from './burning.ts'

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-rules-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Whatever is JSON is YAML, too. */
function write(name: string, value: unknown): string {
  writeFileSync(join(folder, name), JSON.stringify(value))
  return name
}

/** What promtool says; it fails when it finds anything wrong. */
const promtool = (...args: string[]): Promise<string> =>
  run(promtoolPath, args, { cwd: folder, maxBuffer: 64e6, env: { GOGC: '400' } }).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }: { stdout: string; stderr: string }) => `FAILED ${stderr}${stdout}`,
  )

describe.skipIf(needs('promtool').missing)('rules for Prometheus', { timeout: 120_000 }, () => {
  it.concurrent.each(classes)(
    'fire and clear as our evaluator does, to a step: alerts over $longMs ms',
    async (kind) => {
      const stories = storiesOf(kind, 1)
      for (const { service, objective, window, fires, clears } of stories) {
        const able = alertWindows(window).some((one) => one.longMs === kind.longMs && canFire(one, objective))
        expect([service, fires.length, clears.length]).toEqual([service, able ? 1 : 0, able ? 1 : 0])
      }
      const rules = write(`${kind.longMs}.rules.json`, rulesOf(stories, kind))
      const tests = write(`${kind.longMs}.test.json`, testFile(stories, kind, rules))
      const began = performance.now()
      expect(await promtool('test', 'rules', tests)).toMatch(/SUCCESS/)
      console.log(
        `${stories.length} promises over ${kind.longMs / 3_600_000} h: ${Math.round(performance.now() - began)} ms`,
      )
    },
  )

  it('that are exported are sound', async () => {
    const rules = fileURLToPath(new URL('../golden/slo/rules.yml', import.meta.url))
    expect(await promtool('check', 'rules', rules)).toMatch(/SUCCESS: \d+ rules found/)
  })
})
