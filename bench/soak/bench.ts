import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { DeploymentView, ReleasesView, ServicesView } from '../../src/contract/index.ts'
import { formatDuration, seededRandom } from '../../src/kernel/index.ts'
import { type LoadLedger, startBursts, startLoad } from '../../test/support/load-client.ts'
import { type Stage, setStage, withoutLoadLine } from '../../test/support/stage.ts'
import { deploymentEnds, until } from '../../test/support/story.ts'

const example = fileURLToPath(new URL('../../examples/payments', import.meta.url))

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((a, b) => a + b, 0)

const payment = (n: number, number: string): string =>
  JSON.stringify({
    amount: 100 + (n % 5_000),
    currency: 'GBP',
    card: { number, expiry: '12/40', cvc: '123' },
    reference: `soak-${n}`,
    description: 'soak',
  })

/** Looks, pays, and now and then pays with a card whose bank takes a second and a half. */
function mixOf(): () => { method: string; path: string; headers?: Record<string, string>; body?: string } {
  let n = 0
  return () => {
    n++
    if (n % 200 === 0)
      return {
        method: 'POST',
        path: '/payments',
        headers: { 'content-type': 'application/json' },
        body: payment(n, '4000000000003220'),
      }
    if (n % 5 === 0)
      return {
        method: 'POST',
        path: '/payments',
        headers: { 'content-type': 'application/json' },
        body: payment(n, '4242424242424242'),
      }
    return { method: 'GET', path: n % 3 === 0 ? '/payments?limit=5' : '/version' }
  }
}

/** Node.js ends an idle connection after the 5 s that it announces, and, since version 24, a second later than it says. */
const idleTimeoutsMs = [5_000, 6_000] as const
const aroundMs = 50

/** Payments that reach connections just as the service gives them up: ± 50 ms about each of its timeouts in turn. */
function payAtTheTimeout(stage: Stage) {
  const random = seededRandom(1876)
  let bursts = 0
  let n = 0
  return startBursts({
    host: '127.0.0.1',
    port: stage.production,
    size: 24,
    mix: () => ({
      method: 'POST',
      path: '/payments',
      headers: { 'content-type': 'application/json' },
      body: payment(n++, '4242424242424242'),
    }),
    pauseMs: () => (idleTimeoutsMs[bursts++ % 2] ?? 0) + (random.next() * 2 - 1) * aroundMs,
  })
}

/** Two releases of the example, both known to production. */
async function makeReleases(stage: Stage): Promise<string[]> {
  await deploymentEnds(stage, await stage.push('one'), 'production')
  await stage.edit('README.md', (text) => `${text}\nAnother release.\n`)
  await deploymentEnds(stage, await stage.push('two'), 'production')
  const { releases } = await stage.get<ReleasesView>('/api/services/payments/releases')
  return releases.map(({ digest }) => digest)
}

async function order(stage: Stage, args: readonly string[]): Promise<DeploymentView> {
  return JSON.parse(await stage.plimsoll(...args, '--yes', '--json')) as DeploymentView
}

async function gatewayLedger(stage: Stage) {
  const { services } = await stage.get<ServicesView>('/api/services')
  return services[0]?.environments.find(({ name }) => name === 'production')?.ledger
}

const pause = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs))

function report(
  all: readonly DeploymentView[],
  client: LoadLedger,
  atTimeout: LoadLedger,
  gateway: { accepted: number; answered: number; lost: number; abandoned: number } | undefined,
  before: number,
  tookMs: number,
): void {
  const rollbacks = all.filter(({ kind }) => kind === 'rollback').length
  const passed = all.filter(({ standing }) => standing === 'passed').length
  console.log(
    `${all.length - rollbacks} rolling deployments and ${rollbacks} rollbacks, ${passed} of ${all.length} passed, in ${formatDuration(tookMs)}`,
  )
  console.log(
    `client: ${client.sent} sent, ${sum(client.answered)} answered (${JSON.stringify(client.answered)}), ${sum(client.lost)} lost ${JSON.stringify(client.lost)}`,
  )
  console.log(
    `client, payments at the service's idle timeout ± ${aroundMs} ms: ${atTimeout.sent} sent, ${sum(atTimeout.answered)} answered (${JSON.stringify(atTimeout.answered)}), ${sum(atTimeout.lost)} lost ${JSON.stringify(atTimeout.lost)}`,
  )
  console.log(`clients together: ${client.sent + atTimeout.sent} sent`)
  console.log(
    `gateway: ${(gateway?.accepted ?? 0) - before} accepted, ${(gateway?.answered ?? 0) - before} answered, ${gateway?.lost} lost, ${gateway?.abandoned} abandoned`,
  )
}

/**
 * `npm run bench -- soak [--requests N] [--rate N] [--deployments N] [--rollbacks N]`: deployments of the example under
 * open-loop load. The client never retries; its count and the gateway's are printed side by side.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      requests: { type: 'string' },
      rate: { type: 'string' },
      deployments: { type: 'string' },
      rollbacks: { type: 'string' },
    },
  })
  const [requests, rate] = [Number(values.requests ?? 500_000), Number(values.rate ?? 800)]
  const [deployments, rollbacks] = [Number(values.deployments ?? 30), Number(values.rollbacks ?? 10)]
  const stage = await setStage(example, 'payments')
  try {
    await withoutLoadLine(stage)
    const releases = await makeReleases(stage)
    const before = (await gatewayLedger(stage))?.accepted ?? 0
    const load = startLoad({
      host: '127.0.0.1',
      port: stage.production,
      ratePerSecond: rate,
      newConnectionShare: 0.2,
      mix: mixOf(),
    })
    const bursts = payAtTheTimeout(stage)
    const began = performance.now()
    const all: DeploymentView[] = []
    const total = deployments + rollbacks
    for (let i = 0; i < total; i++) {
      await until(
        'its time',
        async () => (load.ledger().sent >= (requests * i) / total ? true : undefined),
        3_600_000,
      )
      const isRollback = Math.floor(((i + 1) * rollbacks) / total) > Math.floor((i * rollbacks) / total)
      all.push(
        await order(
          stage,
          isRollback
            ? ['rollback', 'payments', 'production']
            : ['deploy', releases[i % 2] ?? '', 'payments', 'production'],
        ),
      )
      if (i % 10 === 9)
        console.log(`${all.length} of ${total}: ${load.ledger().sent} sent, ${sum(load.ledger().lost)} lost`)
    }
    await until(
      'the last request',
      async () => (load.ledger().sent >= requests ? true : undefined),
      3_600_000,
    )
    const [client, atTimeout] = await Promise.all([load.stop(), bursts.stop()])
    await pause(500)
    report(all, client, atTimeout, await gatewayLedger(stage), before, performance.now() - began)
  } finally {
    await stage.close()
  }
}
