import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DriftView, EnvironmentRow } from '../../src/contract/index.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, services, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

let stage: Stage

const row = async (name: string): Promise<EnvironmentRow | undefined> =>
  (await services(stage)).services[0]?.environments.find((one) => one.name === name)

/** What `plimsoll drift perf` says, once it has that word for it. */
const drift = (is: DriftView['is']): Promise<DriftView> =>
  until(`perf is ${is}`, async () => {
    const view = JSON.parse(await stage.plimsoll('drift', 'perf', '--json')) as DriftView
    return view.is === is ? view : undefined
  })

const inStepWith = (size: string) => `
    perf: {
      inStepWith: 'production',
      size: ${size},
      env: { COLOUR: 'grey' },
      differs: { 'env.COLOUR': 'nobody looks at it' },
    },
  },
})`

const config = (change: (text: string) => string) => stage.edit('plimsoll.config.ts', change)

beforeAll(async () => {
  stage = await setStage(source, 'hello')
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
}, 60_000)

afterAll(async () => {
  await stage?.close()
})

describe('an environment in step with production', { timeout: 90_000 }, () => {
  let first: string

  it('gets each release as soon as it is proven in production, at its share of the size', async () => {
    await config((text) => text.replace(/\n {2}\},\n\}\)/, inStepWith('1 / 3')))
    first = await stage.push('Follow production')
    await deploymentEnds(stage, first, 'production')
    const perf = await deploymentEnds(stage, first, 'perf')
    expect(perf).toMatchObject({ standing: 'passed', verified: { same: true } })
    const view = await drift('inStep')
    expect(view.text).toBe('in step with production, but for 1 declared difference')
    expect(view.differences).toMatchObject([
      { what: 'env.COLOUR', there: 'not given', here: 'grey', declared: 'nobody looks at it' },
    ])
    expect(await row('perf')).toMatchObject({ instances: { ready: 1, wanted: 1 }, inStep: { is: 'inStep' } })
    expect(await stage.plimsoll('drift', 'perf')).toMatch(
      /^✓ perf of hello: in step with production.*\n\nWHAT +PRODUCTION +PERF +SINCE +WHY\nenv\.COLOUR +not given +grey +.* ago +declared: nobody looks at it$/,
    )
  })

  it('follows a rollback', async () => {
    await stage.edit('server.js', (code) => code.replace('hello from', 'hello again from'))
    const second = await stage.push('Say it again')
    await deploymentEnds(stage, second, 'perf')
    const back = JSON.parse(await stage.plimsoll('rollback', 'production', '--yes', '--json'))
    expect(back).toMatchObject({ standing: 'passed', kind: 'rollback' })
    const production = await row('production')
    await until('the same in perf', async () => {
      const perf = await row('perf')
      return perf?.release?.digest === production?.release?.digest && !perf?.deployment ? perf : undefined
    })
    await drift('inStep')
  })

  it('says what differs and since when where it cannot follow, on every way in', async () => {
    // Only here it ends at once.
    await stage.edit('server.js', (code) => `if (process.env.COLOUR) process.exit(3)\n${code}`)
    const third = await stage.push('Insist on colours')
    await deploymentEnds(stage, third, 'production')
    const failed = await deploymentEnds(stage, third, 'perf')
    expect(failed.standing).toBe('failed')
    const view = await drift('drift')
    const production = await row('production')
    expect(view.differences).toMatchObject([
      { what: 'release', there: production?.release?.short, since: production?.since },
      { what: 'env.COLOUR' },
    ])
    expect(view.differences[0]?.because).toMatch(/^hello\.perf\.\d+ failed: /)
    expect((await services(stage)).wrong).toEqual([
      {
        service: 'hello',
        text: expect.stringMatching(/^hello perf: drift: release differs from production since /),
        link: expect.any(String),
      },
    ])
    expect(await row('perf')).toMatchObject({
      inStep: { is: 'drift' },
      next: { release: { short: production?.release?.short } },
    })
  })

  it('knows since when also after the server was killed', async () => {
    const before = await drift('drift')
    const pid = await stage.serverPid()
    process.kill(pid, 'SIGKILL')
    await until('another server', async () =>
      (await stage.serverPid()) === pid ? undefined : services(stage),
    )
    expect((await drift('drift')).differences).toEqual(before.differences)
  })

  it('is shut out of the gate `drift` of production, until it is in step again', async () => {
    await config((text) => text.replace('deploy: rolling() }', "gates: ['tests', 'drift'] }"))
    const gated = await stage.push('Trust no load line that was measured elsewhere')
    const production = await deploymentEnds(stage, gated, 'production')
    expect(production.standing).toBe('failed')
    expect(production.reasons[0]?.text).toMatch(/^gate drift: perf: release is \w+, and \w+ in production: /)
    expect(
      await stage.plimsoll('waive', 'production', 'drift', '--reason', 'it mends it', '--for', '5m'),
    ).toMatch(/lets gate drift/)
    await stage.edit('server.js', (code) => code.replace(/^if .*\n/, ''))
    const mended = await stage.push('Do without colours')
    await deploymentEnds(stage, mended, 'perf')
    await drift('inStep')
    expect(await stage.plimsoll('unwaive', 'production', 'drift')).toMatch(/holds again/)
    await stage.edit('server.js', (code) => code.replace('again from', 'once more from'))
    const last = await stage.push('Say it once more')
    expect(await deploymentEnds(stage, last, 'production')).toMatchObject({
      standing: 'passed',
      gates: [{ name: 'tests' }, { name: 'drift', is: 'pass' }],
    })
  })
})
