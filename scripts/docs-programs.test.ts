import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const source = new URL('../src/', import.meta.url).href

/** The program of a page, and what the page says that it prints. */
function programOf(name: string): { readonly program: string; readonly printed: string } {
  const page = readFileSync(fileURLToPath(new URL(`../docs/${name}`, import.meta.url)), 'utf8')
  const [, program = '', printed = ''] =
    /```ts\n([\s\S]*?)```\n\nprints\n\n```\n([\s\S]*?)```/.exec(page) ?? []
  return { program, printed }
}

it.each(['canary.md', 'forecast.md'])('docs/%s shows what its program prints', (name) => {
  const { program, printed } = programOf(name)
  expect(program).not.toBe('')
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-docs-'))
  try {
    const file = join(folder, 'example.ts')
    writeFileSync(file, program.replace("'./src/", `'${source}`))
    expect(execFileSync(process.execPath, [file], { encoding: 'utf8' })).toBe(printed)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
