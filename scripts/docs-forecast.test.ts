import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const page = readFileSync(fileURLToPath(new URL('../docs/forecast.md', import.meta.url)), 'utf8')
const source = new URL('../src/', import.meta.url).href

/** The page's program, and what the page says that it prints. */
const [, program = '', printed = ''] = /```ts\n([\s\S]*?)```\n\nprints\n\n```\n([\s\S]*?)```/.exec(page) ?? []

it('shows forecasts as they are made', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-docs-'))
  try {
    const file = join(folder, 'example.ts')
    writeFileSync(file, program.replace("'./src/", `'${source}`))
    expect(execFileSync(process.execPath, [file], { encoding: 'utf8' })).toBe(printed)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
