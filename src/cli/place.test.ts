import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Client } from './client.ts'
import { findPlace, onlyService } from './place.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-place-'))
afterAll(() => rmSync(folder, { recursive: true }))
writeFileSync(
  join(folder, 'plimsoll.config.ts'),
  `import { defineConfig, sh } from 'plimsoll'
export default defineConfig({
  service: 'refunds',
  start: { command: 'node server.js' },
  pipeline: { test: { steps: [sh('true')] } },
  environments: { production: {} },
})
`,
)

/** A server with these services, as a command that is called in `at` sees it. */
const serverWith = (names: readonly string[], at: string) =>
  ({
    folder: at,
    get: async () => ({ services: names.map((name) => ({ name, environments: [{ name: 'production' }] })) }),
  }) as unknown as Client

it('means the service of this folder where there are several and none is named', async () => {
  const client = serverWith(['payments', 'refunds'], folder)
  expect(await onlyService(client, undefined)).toBe('refunds')
  expect((await findPlace(client, ['production'])).service.name).toBe('refunds')
  expect((await findPlace(client, ['payments', 'production'])).service.name).toBe('payments')
})

it('asks which one when this folder is none of them', async () => {
  const problem = { code: 'PLM_USAGE', message: expect.stringContaining('say which service') }
  await expect(onlyService(serverWith(['a', 'b'], folder), undefined)).rejects.toMatchObject(problem)
  await expect(onlyService(serverWith(['a', 'refunds'], tmpdir()), undefined)).rejects.toMatchObject(problem)
})
