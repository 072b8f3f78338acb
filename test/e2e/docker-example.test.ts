import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { baseImage, startEngine, type TestEngine } from '../support/docker.ts'
import { needs } from '../support/requirements.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, until } from '../support/story.ts'

const page = readFileSync(fileURLToPath(new URL('../../docs/docker.md', import.meta.url)), 'utf8')
const missing = needs('docker').missing !== undefined

/** The example of the page in this language, or the one that begins with a comment that names its file. */
function example(language: string, file?: string): string {
  const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)]
  const found = blocks.find(
    ([, itsLanguage, text]) => itsLanguage === language && (!file || text?.startsWith(`// ${file}\n`)),
  )
  return found?.[2] ?? ''
}

let docker: TestEngine
let stage: Stage

describe.skipIf(missing)('the example of the page about containers', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    docker = await startEngine()
    const source = mkdtempSync(join(tmpdir(), 'plimsoll-example-'))
    writeFileSync(join(source, 'plimsoll.config.ts'), example('ts'))
    writeFileSync(
      join(source, 'Dockerfile'),
      example('dockerfile').replace(/^FROM node:\S+/, `FROM ${baseImage}`),
    )
    for (const file of ['server.js', 'smoke.js']) writeFileSync(join(source, file), example('js', file))
    stage = await setStage(source, 'payments', undefined, { DOCKER_HOST: docker.address })
    rmSync(source, { recursive: true })
    writeFileSync(join(stage.home, 'secrets.env'), 'API_KEY=twelve chars\n', { mode: 0o600 })
  })

  afterAll(async () => {
    await stage?.close()
    await docker?.close()
  })

  it('goes to production, both containers of both instances, and answers', async () => {
    const [port] =
      /(?<=port: )\d+(?=,\n {6}instances)/.exec(
        readFileSync(join(stage.clone, 'plimsoll.config.ts'), 'utf8'),
      ) ?? []
    const view = await deploymentEnds(stage, await stage.push('Begin'), 'production')
    expect(view.standing, view.text).toBe('passed')
    expect(view).toMatchObject({ verified: { same: true } })
    const answer = await fetch(`http://127.0.0.1:${port}/`)
    expect(await answer.text()).toBe('paid with a key of 12 letters\n')
    // What has ended is removed after it was said that it has.
    for (const name of ['app', 'metrics'])
      await until(`two containers ${name}`, async () =>
        (await docker.engine.list(`plimsoll.container=${name}`)).length === 2 ? true : undefined,
      )
  })
})
