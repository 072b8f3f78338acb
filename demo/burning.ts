import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatDuration } from '../src/kernel/index.ts'
import type { Load } from '../test/support/load-client.ts'
import type { Stage } from '../test/support/stage.ts'
import { deploymentEnds } from '../test/support/story.ts'
import { account, began, expect, liveRelease, lostNone, say, title } from './narration.ts'
import type { Pager } from './pager.ts'

const promised = `
  watch: { interval: '2s' },
  notify: [
    webhook({
      name: 'pager',
      url: secret('PAGER_URL'),
      key: secret('PAGER_KEY'),
      on: ['alert.page', 'alert.resolved'],
    }),
  ],
  alerts: { groupWait: '1s', groupInterval: '2s' },
  environments: {`

/** Somebody is paged when what the example promises is about to be broken. */
export async function pageSomebody(stage: Stage, pager: Pager): Promise<void> {
  const secrets = `PAGER_URL=${pager.url}\nPAGER_KEY=signing-key-of-the-demo\n`
  await writeFile(join(stage.home, 'secrets.env'), secrets, { mode: 0o600 })
  await stage.edit('plimsoll.config.ts', (text) =>
    text
      .replace('rolling, sh, slo }', 'rolling, secret, sh, slo, webhook }')
      .replace('\n  environments: {', promised),
  )
}

/** A quiet hour before the demo, as another tool would have counted it: one request each two seconds, all answered. */
function quietHour(): string {
  const stepMs = 15_000
  const steps = 64 * 4
  const timestamps = Array.from({ length: steps }, (_, i) => began - 1_000 - (steps - 1 - i) * stepMs)
  const values = timestamps.map((_, i) => Math.round((i * stepMs) / 2_000))
  const metric = { __name__: 'plimsoll_gateway_requests_total', outcome: 'ok' }
  return `${JSON.stringify({ metric, values, timestamps })}\n`
}

/** Each connection is good for so many questions: what no test asks often enough to see. */
export const staleConnection = (code: string): string =>
  code
    .replace('/**\n * Asks the card', 'let asked = 0\n\n/**\n * Asks the card')
    .replace(
      '  await pause(',
      "  asked += 1\n  if (asked % 20 === 0) throw new Error('the acquirer has closed the connection')\n  await pause(",
    )

/** @returns when production was taken back */
export async function burningBudget(stage: Stage, load: () => Load, pager: Pager): Promise<number> {
  title('2. Errors in production page somebody, who is told what changed and takes it back')
  const before = await liveRelease(stage)
  await writeFile(join(stage.folder, 'history.jsonl'), quietHour())
  say('nobody watched this service before; the demo makes up a quiet hour for it, and says so:')
  say(`  ${await stage.plimsoll('slo', 'import', join(stage.folder, 'history.jsonl'), 'production')}`)
  const traffic = load()
  await stage.edit('src/acquirer.js', staleConnection)
  const commit = await stage.push('Keep the connection to the acquirer')
  say(`pushed ${commit.slice(0, 12)}: its tests pass, and it fails for one payment in twenty`)
  const production = await deploymentEnds(stage, commit, 'production')
  say(`production: ${production.text}`)
  const since = Date.now()
  const { at, body } = await pager.told('alert.page', 120_000)
  const [alert] = body.alerts ?? []
  say(`paged ${formatDuration(at - since)} after it was there: ${alert?.text}`)
  say(`  since then: ${alert?.changes[0]}`)
  say(`  next: ${alert?.next}`)
  const told = await stage.plimsoll('slo')
  for (const line of told.split('\n')) say(`  ${line}`)
  await stage.plimsoll('rollback', 'production', '--yes', '--reason', 'it burns the error budget')
  const over = Date.now()
  const ledger = await traffic.stop()
  say(`${account(ledger)}; ${ledger.answered[500] ?? 0} of them saw an error`)
  expect(production.standing === 'passed', `it should get there, but ${production.text}`)
  const named = `${production.to.short} (Keep the connection to the acquirer)`
  expect(alert?.changes[0]?.startsWith(named) === true, 'the page must name what changed')
  expect(told.includes('back-filled by'), 'what was made up must be shown as such')
  expect((await liveRelease(stage)) === before && lostNone(ledger), 'production must be as before')
  say(`production runs ${before} again; the page ends by itself when what failed is little again`)
  await stage.git('checkout', '--quiet', 'HEAD~1', '--', 'src/acquirer.js')
  return over
}

/** The end of the page, which other chapters did not wait for. */
export async function wellAgain(pager: Pager, rolledBackAt: number): Promise<void> {
  const { at, body } = await pager.told('alert.resolved', 330_000)
  say(`resolved ${formatDuration(at - rolledBackAt)} after the rollback: ${body.text}`)
}
