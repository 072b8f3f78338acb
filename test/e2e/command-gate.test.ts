import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeploymentView } from '../../src/contract/index.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, services, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

let stage: Stage

/** Production behind a command, whatever it was before. */
const asks = (script: string, options = '') =>
  stage.edit('plimsoll.config.ts', (text) =>
    text
      .replace('defineConfig, rolling', 'command, defineConfig')
      .replace(
        /(deploy: rolling\(\)|gates: \[.*\])/,
        `gates: [command('contracts', sh(${JSON.stringify(script)}, { env: { KEY: secret('BROKER') } ${options} }))]`,
      ),
  )

const change = async (text: string) => {
  await stage.edit('server.js', (code) => code.replace(/hello.* from/, `hello ${text} from`))
  return stage.push(text)
}

beforeAll(async () => {
  stage = await setStage(source, 'hello')
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\nBROKER=broker-t0ken\n', {
    mode: 0o600,
  })
}, 60_000)

afterAll(async () => {
  await stage?.close()
})

describe('a gate that asks a command', { timeout: 90_000 }, () => {
  it('lets a release through that it says yes to, and keeps what it printed, without secrets', async () => {
    await asks('echo "$SERVICE $ENVIRONMENT $COMMIT $RELEASE $KEY"; test -f server.js')
    const commit = await change('one')
    const view = await deploymentEnds(stage, commit, 'production')
    expect(view).toMatchObject({ standing: 'passed', gates: [{ name: 'contracts', is: 'pass' }] })
    const printed = await stage.plimsoll('logs', view.id)
    expect(printed).toBe(`hello production ${commit} ${view.to.digest} ***`)
    const answer = await fetch(`${stage.server}${view.gates[0]?.output}`)
    expect(await answer.text()).toBe(`${printed}\n`)
  })

  it('stops one that it says no to, with the last lines', async () => {
    await asks('echo "consumer checkout 1.4 breaks"; echo "token $KEY"; exit 1')
    const view = await deploymentEnds(stage, await change('two'), 'production')
    expect(view).toMatchObject({ standing: 'failed', rail: [], gates: [{ is: 'fail' }] })
    expect(view.reasons[0]?.text).toMatch(
      /^gate contracts: exited with 1 after .*: consumer checkout 1\.4 breaks \/ token \*\*\*$/,
    )
  })

  it('is inconclusive when it says nothing; a waiver lets that through, and is shown', async () => {
    await asks('sleep 60', ", timeout: '1s'")
    const view = await deploymentEnds(stage, await change('three'), 'production')
    expect(view).toMatchObject({ standing: 'inconclusive', gates: [{ is: 'inconclusive' }] })
    expect(view.reasons[0]?.text).toMatch(/^gate contracts: was not over after/)
    await stage.plimsoll('waive', 'production', 'contracts', '--reason', 'broker is down', '--for', '1h')
    const again = JSON.parse(await stage.plimsoll('promote', 'production', '--yes', '--json'))
    expect(again).toMatchObject({
      standing: 'passed',
      gates: [{ is: 'inconclusive', waiver: { reason: 'broker is down' } }],
    })
    expect(await stage.plimsoll('status')).toMatch(/gate contracts is waived by first until/)
    await stage.plimsoll('unwaive', 'production', 'contracts')
  })

  it('is asked once although the server is killed while it runs', async () => {
    await asks('echo asked >> "$HOME/asked"; sleep 4; cat "$HOME/asked"')
    const commit = await change('four')
    await until('the question', async () => {
      const [row] =
        (await services(stage)).services[0]?.environments.filter((one) => one.waits.length > 0) ?? []
      return row?.waits[0]?.text.includes('gate contracts: it is being asked') ? row : undefined
    })
    process.kill(await stage.serverPid(), 'SIGKILL')
    const view: DeploymentView = await deploymentEnds(stage, commit, 'production')
    expect(view).toMatchObject({ standing: 'passed', gates: [{ is: 'pass' }] })
    expect(await stage.plimsoll('logs', view.id)).toBe('asked')
  })
})
