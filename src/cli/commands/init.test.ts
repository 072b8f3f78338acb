import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { check } from './check.ts'
import { config } from './config.ts'
import { init } from './init.ts'
import { memoryIo } from './screen.fixture.ts'

let folder = ''
let path = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-cli-'))
  path = join(folder, 'plimsoll.config.ts')
  await writeFile(join(folder, 'package.json'), '{"scripts":{"test":"node --test"}}')
})
afterEach(() => rm(folder, { recursive: true }))

const input = (values: Record<string, boolean> = {}) => ({ values, positionals: [] })

test('init writes a file that check finds sound', async () => {
  const io = memoryIo(folder)
  expect(await init.run(input(), io)).toBe(0)
  expect(io.stdout.text()).toBe('wrote plimsoll.config.ts; read it, then: plimsoll check\n')
  const checked = memoryIo(folder)
  expect(await check.run(input(), checked)).toBe(0)
  expect(checked.stdout.text()).toBe(
    'plimsoll.config.ts is sound: 1 job, 2 environments (staging → production)\n',
  )
})

test('init never overwrites', async () => {
  await writeFile(path, 'mine')
  const io = memoryIo(folder)
  expect(await init.run(input(), io)).toBe(1)
  expect(await readFile(path, 'utf8')).toBe('mine')
  expect(io.stdout.text()).toBe('')
  expect(io.stderr.text()).toContain('is there already and stays as it is')
})

test('init --print shows the file and writes nothing', async () => {
  const io = memoryIo(folder)
  expect(await init.run(input({ print: true }), io)).toBe(0)
  expect(io.stdout.text()).toContain('export default defineConfig({')
  await expect(readFile(path)).rejects.toThrow('ENOENT')
})

test('every command has a document for scripts', async () => {
  const said = async (command: typeof check, values = {}) => {
    const io = memoryIo(folder)
    await command.run(input({ json: true, ...values }), io)
    return JSON.parse(io.stdout.text())
  }
  expect(await said(init, { print: true })).toMatchObject({ schemaVersion: 1, file: 'plimsoll.config.ts' })
  expect(await said(init)).toMatchObject({ schemaVersion: 1, written: true })
  expect(await said(init)).toMatchObject({ schemaVersion: 1, written: false })
  expect(await said(check)).toMatchObject({ schemaVersion: 1, sound: true, notes: [] })
  const view = await said(config)
  expect(view).toMatchObject({ schemaVersion: 1, config: { environments: { production: { instances: 2 } } } })
  expect(view.defaults).toContain('environments.staging.instances')
  expect(view.defaults).not.toContain('environments.production.instances')
})
