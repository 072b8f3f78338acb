import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { PlimsollError } from '../../kernel/index.ts'
import { renderError } from '../problems.ts'
import { check } from './check.ts'
import { config } from './config.ts'
import { type MemoryIo, memoryIo } from './screen.fixture.ts'

/**
 * Each folder of test/golden/config holds a configuration and, in expected.txt, exactly what is said of it.
 * UPDATE_GOLDEN=1 writes what is said now; read the difference before you keep it.
 */
const golden = fileURLToPath(new URL('../../../test/golden/config', import.meta.url))
const update = process.env.UPDATE_GOLDEN === '1'

const input = { values: {}, positionals: [] }

/** Everything that the two commands say, with the command line before and the exit code behind. */
async function sayAll(folder: string): Promise<string> {
  const said = await say(check, memoryIo(folder))
  return said.exit === 0 ? `${said.text}\n${(await say(config, memoryIo(folder))).text}` : said.text
}

async function say(command: typeof check, io: MemoryIo): Promise<{ text: string; exit: number }> {
  const { exit, error } = await command.run(input, io).then(
    (code) => ({ exit: code, error: '' }),
    (thrown: unknown) => {
      if (!(thrown instanceof PlimsollError)) throw thrown
      return { exit: 2, error: renderError(thrown, io.stderr) }
    },
  )
  const text = `$ plimsoll ${command.name}\n${io.stderr.text()}${error}${io.stdout.text()}exit ${exit}\n`
  return { text, exit }
}

// One after the other: each evaluation may take ten seconds, and several at once share what the machine has.
describe('golden configurations', () => {
  for (const name of readdirSync(golden)) {
    test(name, async () => {
      const folder = join(golden, name)
      const said = await sayAll(folder)
      const expected = join(folder, 'expected.txt')
      if (update) await writeFile(expected, said)
      expect(said).toBe(await readFile(expected, 'utf8'))
      expect(said.endsWith(name.startsWith('broken-') ? 'exit 2\n' : 'exit 0\n')).toBe(true)
    })
  }

  test('there are at least 18 broken ones', () => {
    expect(readdirSync(golden).filter((name) => name.startsWith('broken-')).length).toBeGreaterThanOrEqual(18)
  })
})
