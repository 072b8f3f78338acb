import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeploymentView, EnvironmentRow } from '../../src/contract/index.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, runEnds, services } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

let stage: Stage
/** Commits, in order. */
const commits: string[] = []

const production = async (): Promise<EnvironmentRow | undefined> =>
  (await services(stage)).services[0]?.environments.find(({ name }) => name === 'production')

const commit = async (text: string): Promise<string> => {
  await stage.edit('server.js', (code) => code.replace(/hello.* from/, `hello ${text} from`))
  const made = await stage.push(text)
  commits.push(made)
  await deploymentEnds(stage, made, 'staging')
  return made
}

const json = async <T>(...args: string[]): Promise<T> =>
  JSON.parse(await stage.plimsoll(...args, '--json')) as T
const promote = () => json<DeploymentView>('promote', 'production', '--yes')
const migrateTo = (oldest: string) =>
  stage.edit('plimsoll.config.ts', (text) =>
    text
      .replace(/ {2}migrate: .*\n/, '')
      .replace(
        '  pipeline: {',
        `  migrate: sh('echo migrated', { oldestCompatible: '${oldest}' }),\n  pipeline: {`,
      ),
  )

const rollBack = async () => {
  const answer = await fetch(`${stage.server}/api/services/hello/environments/production/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${stage.token}` },
    body: JSON.stringify({ kind: 'rollback' }),
  })
  return { status: answer.status, body: await answer.json() }
}

beforeAll(async () => {
  stage = await setStage(source, 'hello')
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
  await stage.edit('plimsoll.config.ts', (text) =>
    text.replace("after: 'staging',", "after: 'staging', promote: 'manual',"),
  )
}, 60_000)

afterAll(async () => {
  await stage?.close()
})

describe('a migration that names the oldest release it leaves working', { timeout: 90_000 }, () => {
  it('is not run beside a release that is older', async () => {
    await commit('one')
    expect(await promote()).toMatchObject({ standing: 'passed' })
    const two = await commit('two')
    await migrateTo(two.slice(0, 12))
    await commit('three')
    const refused = await promote()
    expect(refused).toMatchObject({ standing: 'failed', rail: [] })
    expect(refused.reasons[0]?.text).toMatch(
      /^gate oldestCompatible: what runs here would not work with the data: release \w+ is older than commit/,
    )
  })

  it('runs when a person lets it through, and then no way leads back to what is older', async () => {
    await stage.plimsoll('waive', 'production', 'oldestCompatible', '--reason', 'at night', '--for', '1h')
    expect(await promote()).toMatchObject({ standing: 'passed' })
    await stage.plimsoll('unwaive', 'production', 'oldestCompatible')
    const said = /^release \w{12} is older than commit \w{12}, the oldest that works with the data since/
    expect((await production())?.rollback?.refused).toMatch(said)
    expect(await json('rollback', 'production', '--yes')).toMatchObject({
      error: { code: 'PLM_RELEASE_TOO_OLD', problems: [{ text: expect.stringMatching(said) }] },
    })
    expect(await rollBack()).toMatchObject({ status: 409, body: { error: { code: 'PLM_RELEASE_TOO_OLD' } } })
    const [one = ''] = commits
    const release = (await runEnds(stage, one)).release?.digest ?? ''
    expect(await json('deploy', release, 'production', '--yes')).toMatchObject({
      error: { code: 'PLM_RELEASE_TOO_OLD' },
    })
  })

  it('lets what is new enough come, and what a person lets through', async () => {
    const [, two = ''] = commits
    const release = (await runEnds(stage, two)).release?.digest ?? ''
    expect(await json('deploy', release, 'production', '--yes')).toMatchObject({ standing: 'passed' })
    const [one = ''] = commits
    const oldest = (await runEnds(stage, one)).release?.digest ?? ''
    await stage.plimsoll('waive', 'production', 'oldestCompatible', '--reason', 'restored', '--for', '1h')
    const back = await json<DeploymentView>('deploy', oldest, 'production', '--yes')
    expect(back).toMatchObject({
      standing: 'passed',
      gates: [{ name: 'tests' }, { name: 'oldestCompatible', is: 'fail', waiver: { owner: 'first' } }],
    })
    expect(await stage.plimsoll('status')).toMatch(/gate oldestCompatible is waived by first until/)
  })

  it('has to name a commit that the change is made on', async () => {
    await migrateTo('abcdef123456')
    const run = await runEnds(stage, await stage.push('Slip of the pen'))
    expect(run.standing).toBe('failed')
    expect(JSON.stringify(run)).toContain(
      'is abcdef123456, expected a commit that this change is made on, or this change itself',
    )
  })
})
