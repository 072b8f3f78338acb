import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { memoryIo } from './screen.fixture.ts'
import { sloExport } from './slo-export.ts'

const golden = (path: string): string =>
  fileURLToPath(new URL(`../../../test/golden/${path}`, import.meta.url))
const input = (values: Record<string, string | boolean> = {}) => ({ values, positionals: [] })

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-slo-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('shows rules of everything that is promised, where it is', async () => {
  const io = memoryIo(golden('config/sound-slos'))
  expect(await sloExport.run(input(), io)).toBe(0)
  await expect(io.stdout.text()).toMatchFileSnapshot(golden('slo/rules.yml'))
  expect(io.stderr.text()).toContain('its page over 1h can never fire')
})

it('writes them into a file, or as JSON', async () => {
  const io = memoryIo(golden('config/sound-slos'))
  const output = join(folder, 'rules.yml')
  expect(await sloExport.run(input({ output }), io)).toBe(0)
  expect(io.stdout.text()).toMatch(/^wrote \d+ rules to .*rules\.yml\n$/)
  expect(await readFile(output, 'utf8')).toBe(await readFile(golden('slo/rules.yml'), 'utf8'))
  const json = memoryIo(golden('config/sound-slos'))
  await sloExport.run(input({ json: true }), json)
  const { groups, service, schemaVersion, notes } = JSON.parse(json.stdout.text())
  expect({ service, schemaVersion, notes: notes.length }).toEqual({
    service: 'payments',
    schemaVersion: 1,
    notes: 2,
  })
  expect(groups.map(({ name }: { name: string }) => name)).toContain('plimsoll-slo-payments-staging-slowest')
})

it('refuses to write nothing', async () => {
  const io = memoryIo(golden('config/sound-smallest'))
  await expect(sloExport.run(input(), io)).rejects.toMatchObject({ code: 'PLM_USAGE' })
})
