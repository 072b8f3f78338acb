import pino from 'pino'
import { expect, it } from 'vitest'
import { memoryScreen } from '../../src/cli/commands/screen.fixture.ts'
import { renderSlos } from '../../src/cli/commands/slo.ts'
import { checkConfig } from '../../src/config/check.ts'
import type { HistoryRequest } from '../../src/contract/index.ts'
import { serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import type { Json } from '../../src/kernel/index.ts'
import { memorySeries } from '../../src/series/index.ts'
import { createApp } from '../../src/server/api/app.ts'
import { historyRoutes } from '../../src/server/api/history.ts'
import { createTokens } from '../../src/server/tokens.ts'
import { viewSlos } from '../../src/server/views/slos.ts'
import { setStage, wellBehaved } from '../sim/stage.ts'

const dayMs = 86_400_000
const { config } = checkConfig({
  service: 'payments',
  start: { command: 'serve' },
  pipeline: { test: { steps: [{ run: 'test' }] } },
  slos: [{ kind: 'availability', objective: 0.999 }],
  environments: { production: { port: 8080 } },
})

/** A server that promises something in production, and two people who may write. */
async function open() {
  const plimsoll = await setStage({ scriptOf: () => wellBehaved }).live(undefined).plimsoll
  const { runner, world } = plimsoll
  await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
  await runner.tell(serviceRef('payments'), { is: 'guard', guard: { run: 1, commit: 'c', config } })
  const tokens = createTokens(world.journal, world.clock)
  const app = await createApp({ logger: pino({ level: 'silent' }), tokens, onLoopback: true })
  historyRoutes(app, plimsoll, memorySeries())
  const [ada, grace] = [await tokens.add('ada'), await tokens.add('grace')]
  const bring = (token: string | undefined, environment: string, series: HistoryRequest['series']) =>
    app.inject({
      method: 'POST',
      url: `/api/services/payments/environments/${environment}/history`,
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
      payload: { series },
    })
  return { world, ada, grace, bring }
}

const requests = (...timestamps: number[]) => [
  {
    metric: { __name__: 'plimsoll_gateway_requests_total', outcome: 'ok' },
    values: timestamps.map((_, i) => i),
    timestamps,
  },
]

it('history that somebody brings along is shown with who brought it, as long as a budget counts it', async () => {
  const { world, ada, grace, bring } = await open()
  const now = world.clock.now()
  expect((await bring(undefined, 'production', requests(now - 1_000))).statusCode).toBe(401)
  expect((await bring(ada, 'nowhere', requests(now - 1_000))).json()).toMatchObject({
    error: { code: 'PLM_NOT_FOUND' },
  })
  expect((await bring(ada, 'production', requests(now))).json()).toMatchObject({
    error: { code: 'PLM_USAGE', problems: [{ text: 'series 1 tells of what is still to come' }] },
  })
  const shown = async () => (await viewSlos(world)).environments[0]?.backFilled
  const old = await bring(ada, 'production', requests(now - 31 * dayMs, now - 29 * dayMs))
  expect(old.json()).toEqual({
    schemaVersion: 1,
    from: now - 31 * dayMs,
    until: now - 29 * dayMs,
    // The last one says that there are no more.
    taken: 3,
  })
  expect(await shown()).toBeUndefined()
  await bring(grace, 'production', requests(now - 28 * dayMs, now - dayMs))
  expect(await shown()).toEqual({ from: now - 31 * dayMs, until: now - dayMs, by: 'grace' })
  expect(renderSlos(await viewSlos(world), memoryScreen())).toMatch(
    /\n {2}back-filled by grace, not seen here: what counts from 2025-12-01 00:00 UTC to 2025-12-31 00:00 UTC\n/,
  )
})
