import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Stage, setStage } from '../../test/support/stage.ts'
import type { Edit, Release } from './releases.ts'

const example = fileURLToPath(new URL('../../examples/payments', import.meta.url))
const boxed = fileURLToPath(new URL('boxed', import.meta.url))

/** Tag of the first release, from which every other one differs in one thing. */
const base = 'base'

/** In front of what routes a request: the answer says which release it comes from, and `change` does its work. */
const throughChange: Edit = {
  file: 'src/server.js',
  from: 'await route.answer(',
  to: "response.setHeader('x-release', app.version)\n      await change(request)\n      await route.answer(",
}
const importChange: Edit = {
  file: 'src/server.js',
  from: 'import { readUrl',
  to: "import { change } from './change.js'\nimport { readUrl",
}

/** @throws Error when there is nothing to change */
export function edited(text: string, { file, from, to }: Edit): string {
  if (!text.includes(from)) throw new Error(`${file} does not hold ${JSON.stringify(from)}`)
  return text.replaceAll(from, () => to)
}

/** The example as it goes into containers, in a folder of its own. */
export async function makeSource(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-thirty-'))
  await cp(example, folder, {
    recursive: true,
    filter: (path) => !/\/(data|reports|test|support|load)$/.test(path),
  })
  await cp(boxed, folder, { recursive: true })
  for (const edit of [importChange, throughChange]) {
    const path = join(folder, edit.file)
    await writeFile(path, edited(await readFile(path, 'utf8'), edit))
  }
  return folder
}

/**
 * One Plimsoll for the service, on an engine that all share.
 * @param number tells its ports from those of the others
 */
export function startService(source: string, engine: string, number: number): Promise<Stage> {
  const first = 11_000 + ((process.pid * 10) % 8_000) + 3 * number
  return setStage(source, 'payments', [first, first + 1, first + 2], { DOCKER_HOST: engine })
}

/** Pushes the first release; gives its commit. */
export async function pushBase(stage: Stage): Promise<string> {
  const commit = await stage.push('The service as it is')
  await stage.git('tag', base)
  return commit
}

/** Commits and pushes a release that differs from the first one in one thing; gives its commit. */
export async function pushRelease(stage: Stage, { name, edits }: Release): Promise<string> {
  await stage.git('checkout', base, '--', '.')
  await stage.edit('README.md', (text) => `${text}\n${name}\n`)
  for (const edit of edits) await stage.edit(edit.file, (text) => edited(text, edit))
  return stage.push(name)
}

/** Where the service's data lie, as its containers see them in `/data`. */
const environment = 'payments.production'

/** What both versions need is down, or is there again. */
export async function setOutage(stage: Stage, isDown: boolean): Promise<void> {
  if (isDown) await stage.giveData(environment, 'outage', '')
  else await rm(join(stage.home, 'data', environment, 'outage'), { force: true })
}
