import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { configuredLoad } from './load-configured.ts'
import { memoryIo } from './screen.fixture.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-configured-'))
})
afterEach(() => rm(folder, { recursive: true }))

const config = (load: string) => `
import { defineConfig, secret, slo } from 'plimsoll'
export default defineConfig({
  service: 'payments',
  start: { command: 'node server.js' },
  slos: [slo.latency({ objective: 0.99, below: '250ms' })],
  load: ${load},
})
`
const io = (env: Record<string, string> = {}) => ({
  ...memoryIo(folder),
  env: { PLIMSOLL_HOME: folder, ...env },
})

test('nothing is configured where there is no configuration', async () => {
  expect(await configuredLoad(io())).toEqual({})
})

test('says what a comparison is made by, with the values of secrets', async () => {
  await writeFile(
    join(folder, 'plimsoll.config.ts'),
    config(`{
      scenario: 'load/pay.load.ts', prepare: 'node load/seed.js', budget: '90s', margin: 0.1,
      env: { ACQUIRER_MS: '0', KEY: secret('TEST_KEY') },
    }`),
  )
  expect(await configuredLoad(io({ PLIMSOLL_SECRET_TEST_KEY: 'a-secret-value' }))).toEqual({
    sends: 'load/pay.load.ts',
    objective: 'p99<250ms',
    prepare: 'node load/seed.js',
    env: { ACQUIRER_MS: '0', KEY: 'a-secret-value' },
    budgetMs: 90_000,
    margin: 0.1,
  })
  await expect(configuredLoad(io())).rejects.toMatchObject({ code: 'PLM_SECRET_MISSING' })
})

test('an objective of its own goes before that of the SLO', async () => {
  await writeFile(join(folder, 'plimsoll.config.ts'), config(`{ objective: 'p95<1s' }`))
  expect(await configuredLoad(io())).toMatchObject({ sends: '/', objective: 'p95<1s' })
})
