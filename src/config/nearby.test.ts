import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { configFile } from './evaluate.ts'
import { missingConfig } from './nearby.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** A repository with these empty files. */
function repository(...files: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-nearby-'))
  folders.push(folder)
  for (const file of ['.git/HEAD', ...files]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), '')
  }
  return folder
}

const saidIn = async (folder: string) => (await missingConfig(folder, configFile)).problems[0]?.text

it('names the folder above that has the configuration', async () => {
  const folder = repository(configFile, 'src/deep/main.py')
  expect(await saidIn(join(folder, 'src/deep'))).toMatch(/in this folder, but one in \.\.\/\.\.: go there/)
})

it('names the services of a repository of several, and how one of them is pushed', async () => {
  const folder = repository(
    `services/a/${configFile}`,
    `services/b/${configFile}`,
    `node_modules/x/${configFile}`,
  )
  expect(await saidIn(folder)).toMatch(
    /but in services\/a, services\/b: .*git subtree split --prefix services\/a/,
  )
})

it('has nothing to add where there is none', async () => {
  expect(await saidIn(repository('main.py'))).toBeUndefined()
})

it('does not look beyond the repository', async () => {
  const folder = repository(configFile, 'other/.git/HEAD', 'other/main.py')
  expect(await saidIn(join(folder, 'other'))).toBeUndefined()
})
