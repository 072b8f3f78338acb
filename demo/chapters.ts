import type { LoadTestView } from '../src/contract/index.ts'
import type { Load } from '../test/support/load-client.ts'
import { type Stage, withoutLoadLine } from '../test/support/stage.ts'
import {
  comparisonEnds,
  deploymentEnds,
  loadTestEnds,
  runEnds,
  services,
  until,
} from '../test/support/story.ts'
import { sayWhatComes } from './ahead.ts'
import { burningBudget, pageSomebody, staleConnection, wellAgain } from './burning.ts'
import { account, expect, liveRelease, lostNone, say, title } from './narration.ts'
import { startPager } from './pager.ts'

async function firstRelease(stage: Stage): Promise<void> {
  title('1. A service is pushed for the first time')
  const commit = await stage.push('Card payments: create, capture, refund, search')
  say(`pushed ${commit.slice(0, 12)} with stock git`)
  const run = await runEnds(stage, commit)
  say(`pipeline: ${run.text}; ${run.jobs.map((job) => `${job.name} ${job.standing}`).join(', ')}`)
  expect(run.standing === 'passed', `the first run should pass, but ${run.text}`)
  const staging = await deploymentEnds(stage, commit, 'staging')
  say(`staging: ${staging.text}`)
  const production = await deploymentEnds(stage, commit, 'production')
  say(`production: ${production.text}`)
  expect(production.standing === 'passed', `production should have it, but ${production.text}`)
}

async function goodChange(stage: Stage, load: () => Load): Promise<void> {
  title('3. A good change travels to production under steady traffic')
  const traffic = load()
  await stage.edit('README.md', (text) => `${text}\nA small improvement.\n`)
  const commit = await stage.push('Say what the service is for')
  say(`pushed ${commit.slice(0, 12)}; customers go on paying`)
  const production = await deploymentEnds(stage, commit, 'production')
  for (const step of production.rail) say(`  ${step.title}`)
  say(`production: ${production.text}`)
  const ledger = await traffic.stop()
  say(account(ledger))
  expect(production.ledger.lost === 0 && lostNone(ledger), 'a rolling deployment must not lose a request')
}

async function failingTests(stage: Stage): Promise<void> {
  title('4. A change whose tests fail goes nowhere')
  const before = await liveRelease(stage)
  await stage.write('test/demo.test.js', failingTest)
  const commit = await stage.push('Round amounts down')
  const run = await runEnds(stage, commit)
  say(`pipeline: ${run.text}`)
  const failure = run.jobs.flatMap((job) => job.tests?.failures ?? [])[0]
  if (failure) say(`  ${failure.name}`)
  expect(run.standing === 'failed', `the run should fail, but ${run.text}`)
  expect((await liveRelease(stage)) === before, 'production must not change')
  say(`production still runs ${before}`)
  await stage.git('rm', '--quiet', '--force', 'test/demo.test.js')
}

const failingTest = `import assert from 'node:assert/strict'
import test from 'node:test'
test('amounts are rounded to whole pence', () => assert.equal(Math.round(10.5), 10))
`

/** A start that waits for something that only staging has: the tests cannot know. */
const waitingStart =
  'command: \'until [ -e "$DATA_DIR/licence" ]; do sleep 0.1; done; exec node src/main.js\''

async function neverHealthy(stage: Stage, load: () => Load): Promise<void> {
  title('5. A change that never becomes healthy in production is rolled back by itself')
  const before = await liveRelease(stage)
  const traffic = load()
  await stage.giveData('payments.staging', 'licence', 'for staging only')
  await stage.edit('plimsoll.config.ts', (text) =>
    text.replace(/command: '[^']*'/, waitingStart).replace(/readyWithin: '[^']*'/, "readyWithin: '6s'"),
  )
  const commit = await stage.push('Wait for the licence file before serving')
  say(`pushed ${commit.slice(0, 12)}: its tests pass, and staging has the file that it waits for`)
  const staging = await deploymentEnds(stage, commit, 'staging')
  say(`staging: ${staging.text}`)
  const production = await deploymentEnds(stage, commit, 'production')
  say(`production: ${production.text}`)
  const ledger = await traffic.stop()
  say(account(ledger))
  expect(staging.standing === 'passed' && production.standing === 'failed', 'production must go back')
  expect((await liveRelease(stage)) === before && lostNone(ledger), 'customers must not notice')
  say(`production still runs ${before}`)
  await stage.git('checkout', '--quiet', 'HEAD~1', '--', 'plimsoll.config.ts')
}

async function killedServer(stage: Stage, load: () => Load): Promise<void> {
  title('6. The server is killed; production does not notice')
  const traffic = load()
  const pid = await stage.serverPid()
  process.kill(pid, 'SIGKILL')
  say(`kill -9 ${pid}`)
  await until(
    'another server',
    async () => ((await stage.serverPid()) === pid ? undefined : await services(stage)),
    30_000,
  )
  say('the supervisor has started another; it found all instances and gateways again')
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const ledger = await traffic.stop()
  say(account(ledger))
  expect(lostNone(ledger), 'nobody may notice')
}

const canary =
  "canary({ watch: '8s', stageAtMost: '8s', warmUp: '0s', minRequests: 50, bake: '0s', latency: false })"

async function failingPayments(stage: Stage, load: () => Load): Promise<void> {
  title('7. A change that fails for one payment in twenty is found by the judge, and rolled back by itself')
  const before = await liveRelease(stage)
  const traffic = load()
  await stage.edit('src/acquirer.js', staleConnection)
  await stage.edit('plimsoll.config.ts', (text) =>
    text
      .replace('defineConfig, rolling', 'canary, defineConfig, rolling')
      .replace(/(port: \d+,\s+deploy: )rolling\(\)(,\s+gates)/, `$1${canary}$2`),
  )
  const commit = await stage.push('Keep the connection to the acquirer for longer')
  say(`pushed ${commit.slice(0, 12)}: its tests pass, and production now deploys by canary`)
  const staging = await deploymentEnds(stage, commit, 'staging')
  say(`staging: ${staging.text}`)
  const production = await deploymentEnds(stage, commit, 'production')
  if (production.plan) say(`  plan: ${production.plan.sentence}`)
  for (const step of production.rail) say(`  ${step.title}`)
  say(`production: ${production.text}`)
  const ledger = await traffic.stop()
  const failed = ledger.answered[500] ?? 0
  say(
    `${account(ledger)}; ${failed} of them saw an error, of about ${Math.round(0.035 * ledger.sent)} without a judge`,
  )
  expect(staging.standing === 'passed' && production.judge?.is === 'fail', 'the judge must find it')
  expect((await liveRelease(stage)) === before && lostNone(ledger), 'production must be as before')
  say(`production still runs ${before}`)
  await stage.git('checkout', '--quiet', 'HEAD~1', '--', 'src/acquirer.js')
}

const perf = `
    perf: {
      inStepWith: 'production',
      size: 1 / 3,
      scales: 'instances share nothing but this machine',
      loadTest: { clean: sh('rm -rf "$DATA_DIR"/*'), seed: sh('node load/seed.js') },
    },
  },
})`

async function perfFollows(stage: Stage): Promise<void> {
  title(
    '8. The performance environment follows production by itself, its load line is kept, and a drift is shown',
  )
  const older = await liveRelease(stage)
  await stage.edit('plimsoll.config.ts', (text) =>
    text
      .replace(/\n {2}\},\n\}\)\s*$/, perf)
      .replace(
        'besideProduction: true,',
        "besideProduction: true,\n    line: { min: 5, max: 40, trial: '1s', budget: '45s' },",
      )
      .replace(/deploy: canary\(.*\),/, 'deploy: rolling(),')
      .replace('canary, defineConfig', 'defineConfig'),
  )
  const commit = await stage.push('Measure each release where everything is as in production')
  say(`pushed ${commit.slice(0, 12)}: an environment in step with production, a third of its size`)
  const before = await notMeasured(stage, 1)
  say(`perf got ${before.release?.short}, which production ran already, by itself`)
  const followed = await deploymentEnds(stage, commit, 'perf')
  say(`perf follows production to the next release: ${followed.text}`)
  const test = await loadTestEnds(stage, 'perf', 2)
  say('and measures it:')
  for (const step of test.rail) say(`  ${step.title}`)
  say(`load line: ${test.text} (${test.counts ? 'counts' : test.doubts.join('; ')}; ${test.place})`)
  say(`  ${await saysOfDrift(stage, 'in step')}`)
  say('somebody brings an older release into perf, past production')
  await stage.plimsoll('deploy', older ?? '', 'perf', '--reason', 'to look at something', '--yes')
  await notMeasured(stage, 3)
  for (const line of (await saysOfDrift(stage, 'drift: release differs')).split('\n'))
    if (line) say(`  ${line}`)
  expect(followed.standing === 'passed' && test.counts === true, `it should count, but ${test.text}`)
}

/** One load line is enough here. */
async function notMeasured(stage: Stage, number: number): Promise<LoadTestView> {
  const id = `payments.perf.test-${number}`
  await until(id, () => stage.get(`/api/load-tests/${id}`))
  await stage.plimsoll('cancel', id, '--reason', 'one is enough for the demo')
  return loadTestEnds(stage, 'perf', number)
}

const saysOfDrift = (stage: Stage, what: string): Promise<string> =>
  until(`perf to be ${what}`, async () => {
    const said = await stage.plimsoll('drift', 'perf')
    return said.includes(what) ? said : undefined
  })

/** The tests know what is right, not what is slow. */
const droppedIndex = `  \`
  DROP INDEX payment_by_reference;
  \`,
]
`

async function slowChange(stage: Stage, load: () => Load): Promise<void> {
  title('9. A change that carries less passes its tests, and is stopped at the gate')
  const before = await liveRelease(stage)
  const traffic = load()
  await stage.edit('src/migrations.js', (text) => text.replace(/\]\n$/, droppedIndex))
  // As people do: the test that names the index goes with it.
  await stage.edit('test/search.test.js', (text) => text.replace(/^.*\['reference=a.*\n/gm, ''))
  await stage.edit('plimsoll.config.ts', (text) =>
    text
      .replace("gates: ['tests']", "gates: ['tests', 'loadLine']")
      .replace("budget: '5m'", "budget: '130s'"),
  )
  const commit = await stage.push('Drop an index that costs each payment a write')
  say(`pushed ${commit.slice(0, 12)}; the team has turned the gate loadLine on`)
  const run = await runEnds(stage, commit)
  say(`pipeline: ${run.text}`)
  expect(run.standing === 'passed', `its tests should pass, but ${run.text}`)
  const comparison = await comparisonEnds(stage, commit, (rounds) => say(`  ${rounds}`))
  say(`load: ${comparison.text}`)
  for (const { title: what, baseText, changeText } of comparison.effects)
    say(`  ${what.padEnd(16)} ${baseText.padStart(16)}  →  ${changeText.padStart(16)}`)
  const production = await deploymentEnds(stage, commit, 'production')
  say(`production: ${production.text}`)
  const ledger = await traffic.stop()
  say(account(ledger))
  expect(comparison.standing === 'failed', `it should be found, but ${comparison.text}`)
  expect(production.standing === 'failed' && lostNone(ledger), 'it must not reach production')
  expect((await liveRelease(stage)) === before, 'production must not change')
  say(`production still runs ${before}`)
}

async function theEnd(stage: Stage, isWellAgain: () => Promise<void>): Promise<void> {
  title('What happened')
  await isWellAgain()
  console.log(await stage.plimsoll('runs', 'payments'))
  console.log(await stage.plimsoll('status'))
}

/** The demo, told in chapters; each checks what it claims. */
export async function chapters(stage: Stage, load: () => Load): Promise<void> {
  const pager = await startPager()
  try {
    // The gate comes in the ninth.
    await withoutLoadLine(stage)
    await pageSomebody(stage, pager)
    await firstRelease(stage)
    const rolledBackAt = await burningBudget(stage, load, pager)
    await goodChange(stage, load)
    await failingTests(stage)
    await neverHealthy(stage, load)
    await killedServer(stage, load)
    await failingPayments(stage, load)
    await perfFollows(stage)
    await slowChange(stage, load)
    await sayWhatComes(stage)
    await theEnd(stage, () => wellAgain(pager, rolledBackAt))
  } finally {
    pager.close()
  }
}
