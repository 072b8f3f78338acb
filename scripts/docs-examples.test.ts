import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { commands } from '../src/cli/commands/index.ts'
import { readConfig } from '../src/config/read.ts'

const docs = fileURLToPath(new URL('../docs/', import.meta.url))
const pages = readdirSync(docs).filter((file) => file.endsWith('.md'))
const blocksIn = (page: string, language: string): string[] =>
  [
    ...readFileSync(join(docs, page), 'utf8').matchAll(
      new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'),
    ),
  ].map(([, text = '']) => text)

const configs = pages.flatMap((page) =>
  blocksIn(page, 'ts')
    .filter((text) => text.includes('export default defineConfig'))
    .map((text, i) => [`${page}, ${i + 1}`, text, blocksIn(page, 'ics')[0]] as const),
)
const lines = [...pages.flatMap((page) => blocksIn(page, ''))]
  .flatMap((text) => text.split('\n'))
  .filter((line) => line.startsWith('plimsoll '))

describe('the documentation', () => {
  it.each(configs)('shows a configuration that is sound: %s', async (_where, text, calendar) => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-docs-'))
    try {
      writeFileSync(join(folder, 'plimsoll.config.ts'), text)
      const [, file] = /calendar: '([^']+)'/.exec(text) ?? []
      if (calendar && file) {
        mkdirSync(dirname(join(folder, file)), { recursive: true })
        writeFileSync(join(folder, file), calendar)
      }
      expect((await readConfig({ folder })).config.service).toBeTruthy()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('has configurations to show', () => expect(configs.length).toBeGreaterThan(2))

  it.each(lines)('names a command that there is: %s', (line) => {
    const words = line.split(/\s+/).slice(1)
    expect(Object.keys(commands).some((name) => words.join(' ').startsWith(name))).toBe(true)
  })
})
