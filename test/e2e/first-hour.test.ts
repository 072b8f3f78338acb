import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { compiled } from '../support/compiled.ts'
import { freePort } from '../support/ports.ts'

const exec = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(root, 'docs/first-hour.md'), 'utf8')
const blocksIn = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text = '']) => text,
  )

const folder = mkdtempSync(join(tmpdir(), 'plimsoll first hour '))
const service = join(folder, 'hello')
const env = {
  ...compiled,
  PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
  HOME: folder,
  LANG: 'C.UTF-8',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
}

let server: number
let here: (text: string) => string

beforeAll(async () => {
  for (const made of [service, join(folder, 'bin')]) mkdirSync(made)
  symlinkSync(join(root, 'bin/plimsoll.cjs'), join(folder, 'bin/plimsoll'))
  server = await freePort()
  const production = await freePort()
  // Another Plimsoll may have the usual ports.
  here = (text) =>
    text
      .replaceAll(/1876|8080/g, (usual) => String(usual === '1876' ? server : production))
      .replaceAll('up --detach', `up --detach --port ${server}`)
      .replaceAll('--duration 10s', '--duration 1s --warm-up 0s')
})

afterAll(async () => {
  await sh('plimsoll down')
  rmSync(folder, { recursive: true, force: true })
})

const sh = async (script: string): Promise<string> =>
  (await exec('sh', ['-eu', '-c', script], { cwd: service, env })).stdout

it('the first hour goes as its page says', { timeout: 120_000 }, async () => {
  const [files = '', checks = '', pushed = '', looks = '', measures = '', change = '', back = ''] =
    blocksIn('sh').map(here)
  await sh(files)
  await sh('plimsoll init')
  writeFileSync(join(service, 'plimsoll.config.ts'), here(blocksIn('ts')[0] ?? ''))
  expect(await sh(checks)).toMatch(/is sound: 1 job, 2 environments[\s\S]*passed/)
  expect(await sh(pushed)).toMatch(/✓ passed {2}\w+ \(Say hello\): it is live in staging and production\n$/)
  expect(await sh(looks)).toMatch(/1 test passed[\s\S]*hello\n$/)
  // 3: too little is known yet, or the machine is busy with other tests.
  const looked = await sh(measures.replaceAll(/$/gm, ' || [ $? = 3 ]').replace(/\n \|\| .*$/, ''))
  expect(looked).toMatch(
    /answered +\d+[\s\S]*hello production[\s\S]*availability[\s\S]*No alert fires[\s\S]*nothing is/,
  )
  expect(await sh(change)).toMatch(/\(Say good morning\): it is live in production\n$/)
  expect(await sh(back)).toMatch(/✓ passed[\s\S]*Everything has stopped/)
})
