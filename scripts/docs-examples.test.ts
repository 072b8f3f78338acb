import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { commands } from '../src/cli/commands/index.ts'
import { memoryIo } from '../src/cli/commands/screen.fixture.ts'
import { runCommandLine } from '../src/cli/dispatch.ts'
import { readConfig } from '../src/config/read.ts'
import { errorTable } from '../src/kernel/index.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const docs = join(root, 'docs')
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

/** Command lines of a page: in blocks, and those in the text that name more than a command. */
function linesIn(page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8')
  const blocks = [...text.matchAll(/^```(?:sh|text)?\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block.split('\n'),
  )
  const inline = [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) =>
    code.replaceAll('\n', ' '),
  )
  return [...blocks, ...inline].map((line) => line.trim()).filter((line) => line.startsWith('plimsoll '))
}

const examples = await Promise.all(Object.values(commands).map(async (read) => (await read()).examples))
const hints = Object.values(errorTable).flatMap(({ hint }) =>
  [...hint.matchAll(/`(plimsoll [^`]+)`/g)].map(([, line = '']) => line),
)
const lines = [
  ...new Set([
    ...['README.md', ...pages.map((page) => `docs/${page}`)].flatMap(linesIn),
    ...examples.flat(),
    ...hints,
  ]),
].filter((line) => !/ (COMMAND|CODE)\b/.test(line))

/** The words of a command line as a shell has them, without a comment at its end. */
const wordsOf = (line: string): string[] =>
  [...line.replace(/\s#\s.*$/, '').matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replaceAll(/['"]/g, ''),
  )

/** Asks for help with everything else said as well: options are read, and nothing is done. */
async function isUnderstood(line: string): Promise<string> {
  const words = wordsOf(line).slice(1)
  const end = words.indexOf('--')
  const io = memoryIo(root)
  await runCommandLine(commands, words.toSpliced(end < 0 ? words.length : end, 0, '--help'), io)
  return io.stderr.text()
}

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
      expect((await readConfig({ folder, timeoutMs: 50_000 })).config.service).toBeTruthy()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('has configurations to show', () => expect(configs.length).toBeGreaterThan(2))

  it.each(lines)('shows a command line that is understood: %s', async (line) => {
    expect(await isUnderstood(line)).toBe('')
  })
})
