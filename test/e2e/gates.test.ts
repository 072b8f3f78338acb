import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeploymentView, EnvironmentRow } from '../../src/contract/index.ts'
import { type Stage, setStage } from '../support/stage.ts'
import { deploymentEnds, runEnds, services, until } from '../support/story.ts'

const source = fileURLToPath(new URL('../fixtures/hello', import.meta.url))

let stage: Stage
let grace: string

const send = async (path: string, body: object, token: string) => {
  const answer = await fetch(`${stage.server}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: await answer.json() }
}

const signOff = (release: string, token: string) =>
  send(
    '/api/services/hello/environments/production/sign-offs',
    { release, reason: 'tried it in staging' },
    token,
  )

/** Production behind these gates, whatever they were before. */
const withGates = (gates: string) =>
  stage.edit('plimsoll.config.ts', (text) =>
    text
      .replace('defineConfig, rolling', 'defineConfig, freeze, signOff')
      .replace(/(deploy: rolling\(\)|gates: \[.*\])/, `gates: [${gates}]`),
  )

const production = async (): Promise<EnvironmentRow | undefined> =>
  (await services(stage)).services[0]?.environments.find(({ name }) => name === 'production')

/** What waits in production for its gates, once so many do. */
const waiting = (count: number) =>
  until(`${count} that wait`, async () => {
    const waits = (await production())?.waits
    return waits?.length === count ? waits : undefined
  })

const change = (text: string) =>
  stage
    .edit('server.js', (code) => code.replace(/hello.* from/, `hello ${text} from`))
    .then(() => stage.push(text))

const view = (id: string) => stage.get<DeploymentView>(`/api/deployments/${encodeURIComponent(id)}`)
const releaseOf = async (commit: string) => (await runEnds(stage, commit)).release?.digest ?? ''

beforeAll(async () => {
  stage = await setStage(source, 'hello')
  writeFileSync(join(stage.home, 'secrets.env'), 'GREETING=s3cret-greeting\n', { mode: 0o600 })
  const added = await send('/api/tokens', { name: 'grace' }, stage.token)
  grace = (added.body as { token: string }).token
}, 60_000)

afterAll(async () => {
  await stage?.close()
})

/** Ends the server without any warning; resolves when there is another one. */
async function killServer(): Promise<void> {
  const before = await stage.serverPid()
  process.kill(before, 'SIGKILL')
  await until('another server', async () =>
    (await stage.serverPid()) === before ? undefined : services(stage),
  )
}

describe('the gates of an environment', { timeout: 90_000 }, () => {
  let older: string

  it('let a release wait for a sign-off without holding the environment', async () => {
    await withGates("'tests', signOff({ by: ['grace', 'first'] })")
    older = await stage.push('Wait for a sign-off')
    const [one] = await waiting(1)
    expect(one?.text).toMatch(/waits for gate signOff: sign-off by grace or first .*: 0 of 1/)
    expect(await production()).toMatchObject({ status: { is: 'empty' } })
    expect((await production())?.lock).toBeUndefined()
    expect(await view(one?.deployment ?? '')).toMatchObject({
      standing: 'waiting',
      gates: [{ is: 'pass' }, { name: 'signOff', is: 'waiting' }],
    })
  })

  it('do not count a sign-off of who pushed the change', async () => {
    const refused = await signOff(await releaseOf(older), stage.token)
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'PLM_SIGN_OFF_REFUSED' } } })
    expect(await stage.plimsoll('status')).toMatch(/! hello production: .* waits for gate signOff/)
    expect(await stage.exitOf('follow', '--until', 'production')).toBe(5)
    expect(await stage.plimsoll('follow')).toMatch(
      /^◌ waiting .*: production: .*\n {2}next: plimsoll sign-off \w+ hello production/,
    )
  })

  it('let a newer release overtake once it is signed off, and end what waits behind it', async () => {
    const newer = await change('newer')
    await waiting(2)
    const followed = stage.exitOf('follow', newer, '--until', 'production', '--wait')
    await killServer()
    expect(await signOff(await releaseOf(newer), grace)).toMatchObject({ status: 200 })
    expect(await deploymentEnds(stage, newer, 'production')).toMatchObject({ standing: 'passed' })
    const left = await deploymentEnds(stage, older, 'production')
    expect(left.standing).toBe('cancelled')
    expect(left.reasons[0]?.text).toMatch(/^overtaken by hello\.production\.2, which went live$/)
    expect((await production())?.waits).toEqual([])
    expect(await followed).toBe(0)
    expect(await stage.plimsoll('follow', older)).toMatch(/✗ failed [\s\S]*overtaken by hello\.production\.2/)
    expect(await stage.exitOf('follow', 'hello', older)).toBe(1)
  })

  it('hold a release back while the environment is frozen, through a kill of the server', async () => {
    const now = Date.now()
    const day = (days: number) =>
      new Date(now + days * 86_400_000).toISOString().slice(0, 16).replace('T', ' ')
    const window = `{ when: '${day(-1)} – ${day(1)}', reason: 'audit' }`
    await withGates(`'tests', freeze({ timeZone: 'Etc/UTC', windows: [${window}] })`)
    await change('frozen')
    const [one] = await waiting(1)
    expect(one?.text).toContain(`waits for gate freeze: frozen (audit) until`)
    expect(one?.text).toContain(`${day(1)} (Etc/UTC)`)
    await killServer()
    expect(await waiting(1)).toEqual([one])
  })

  it('keep nobody waiting who orders a release: it is said for what it waits', async () => {
    const [before] = await waiting(1)
    expect(await stage.plimsoll('promote', 'production', '--dry-run')).toMatch(
      /it would wait for its gates, and hold nobody up[\s\S]*gate freeze\n\s+frozen \(audit\) until/,
    )
    expect(await stage.exitOf('promote', 'production', '--yes')).toBe(5)
    const [joined] = await until('the one that joined', async () => {
      const all = await waiting(1)
      return all[0]?.deployment === before?.deployment ? undefined : all
    })
    expect(joined?.release).toBe(before?.release)
    expect(await stage.exitOf('promote', 'production', '--dry-run')).toBe(5)
  })

  it('let a fix through a freeze, with who said so and why; a way back is never frozen', async () => {
    const [held] = await waiting(1)
    const said = await stage.plimsoll(
      'promote',
      'production',
      '--fix',
      'INC-12: refunds fail',
      '--yes',
      '--json',
    )
    const fix = JSON.parse(said) as DeploymentView
    expect(fix).toMatchObject({ standing: 'passed', fix: 'INC-12: refunds fail', actor: 'first' })
    const left = await until('the end of what waited', async () => {
      const seen = await view(held?.deployment ?? '')
      return seen.endedAt === undefined ? undefined : seen
    })
    expect(left.reasons[0]?.text).toBe(`overtaken by ${fix.id}, which went live`)
    const back = JSON.parse(await stage.plimsoll('rollback', 'production', '--yes', '--json'))
    expect(back).toMatchObject({ standing: 'passed', kind: 'rollback' })
  })

  it('freeze by a calendar of the repository, which is read with the configuration', async () => {
    const stamp = (days: number) =>
      new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
    await stage.write(
      'freeze.ics',
      [
        'BEGIN:VCALENDAR',
        'BEGIN:VEVENT',
        `DTSTART;VALUE=DATE:${stamp(-8)}`,
        `DTEND;VALUE=DATE:${stamp(-5)}`,
        'RRULE:FREQ=WEEKLY',
        'SUMMARY:Audit of the',
        '  scheme',
        'END:VEVENT',
        'END:VCALENDAR',
        '',
      ].join('\r\n'),
    )
    await withGates("freeze({ timeZone: 'Etc/UTC', calendar: 'freeze.ics' })")
    await change('by a calendar')
    const [one] = await waiting(1)
    expect(one?.text).toContain('waits for gate freeze: frozen (Audit of the scheme) until')
    await stage.plimsoll('cancel', one?.deployment ?? '', '--reason', 'seen')
    await waiting(0)
    await stage.edit('freeze.ics', (text) => text.replace('WEEKLY', 'HOURLY'))
    const run = await runEnds(stage, await stage.push('Break the calendar'))
    expect(run.standing).toBe('failed')
    expect(JSON.stringify(run)).toContain("is 'freeze.ics', whose line 5 repeats HOURLY")
  })

  it('are not needed to be told of a secret without a value: the status says it', async () => {
    writeFileSync(join(stage.home, 'secrets.env'), '', { mode: 0o600 })
    expect(await stage.plimsoll('status')).toMatch(
      /! hello staging: the secret GREETING has no value.*: the next deployment would be refused/,
    )
  })
})
