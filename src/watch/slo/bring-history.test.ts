import { describe, expect, it } from 'vitest'
import { memorySeries, select, series } from '../../series/index.ts'
import type { BroughtSeries } from '../plan/history.ts'
import { burningOf } from '../plan/slo/burning.ts'
import { judgeSlo } from '../plan/slo/evaluate.ts'
import { sliOf } from '../plan/slo/sli.ts'
import { hourMs, minuteMs, promise } from '../plan/slo/traffic.fixture.ts'
import { bringHistory } from './bring-history.ts'
import { type Countable, countIn } from './counting.ts'

const scope = { service: 'payments', environment: 'production' }
const now = 200 * minuteMs
const slo = promise(0.999, 28)
const sli = sliOf({ kind: 'availability' }, scope) as Countable

/** Ten requests a minute, as another tool counted them. */
const brought = (from: number, until: number, more = {}): BroughtSeries => {
  const minutes = Array.from({ length: until - from + 1 }, (_, i) => from + i)
  return {
    metric: { __name__: 'plimsoll_gateway_requests_total', outcome: 'ok', ...more },
    values: minutes.map((minute) => minute * 10),
    timestamps: minutes.map((minute) => minute * minuteMs),
  }
}

const own = (minute: number, outcome: string, value: number) => ({
  name: 'plimsoll_gateway_requests_total',
  labels: { service_name: 'payments', deployment_environment_name: 'production', outcome },
  at: minute * minuteMs,
  value,
})

describe('history that is brought along', () => {
  it('counts before what is known here, and a burn over an hour is told that could not be told without it', async () => {
    const [with_, without] = [memorySeries(), memorySeries()]
    const told = await bringHistory(with_, [brought(120, 190)], scope, now)
    expect(told).toEqual({ from: 120 * minuteMs, until: 190 * minuteMs, taken: 72 })
    for (const store of [with_, without])
      for (let minute = 191; minute <= 200; minute++)
        await store.append([own(minute, 'ok', minute * 10), own(minute, 'server_error', (minute - 191) * 10)])
    const countsOf = (store: typeof with_) => countIn(store, slo, sli, now)
    const counts = await countsOf(with_)
    expect(counts(hourMs)).toEqual({
      bad: expect.closeTo(90, 0),
      total: expect.closeTo(680, -2),
      coverage: 1,
    })
    expect(burningOf('availability', judgeSlo(slo, counts))).toMatchObject([
      { window: '1h', severity: 'page' },
    ])
    expect(burningOf('availability', judgeSlo(slo, await countsOf(without)))).toEqual([])
  })

  it('says of every series that it was brought along, and where it ends', async () => {
    const store = memorySeries()
    await bringHistory(store, [brought(0, 3, { service_name: 'theirs' })], scope, now)
    const [one] = await store.select([{ label: 'outcome', is: '=', value: 'ok' }], 0, now)
    expect(one?.labels).toEqual({
      outcome: 'ok',
      service_name: 'payments',
      deployment_environment_name: 'production',
      plimsoll_origin: 'back-filled',
    })
    // Its last value does not stand for five minutes more.
    expect(await store.instant(select(series('plimsoll_gateway_requests_total')), 4 * minuteMs)).toEqual([])
  })

  it('is refused where something is known here already', async () => {
    const store = memorySeries()
    await store.append([own(100, 'ok', 1)])
    await expect(bringHistory(store, [brought(50, 100)], scope, now)).rejects.toMatchObject({
      code: 'PLM_USAGE',
      message: expect.stringContaining('was collected here from 1970-01-01T01:40:00.000Z on'),
    })
    expect(await bringHistory(store, [brought(50, 99)], scope, now)).toMatchObject({ taken: 51 })
  })

  it('is refused with everything that is wrong with it', async () => {
    const sound = brought(0, 2)
    const wrong: readonly BroughtSeries[] = [
      sound,
      { ...sound, metric: { outcome: 'ok' } },
      { ...sound, metric: { ...sound.metric, plimsoll_origin: 'here' } },
      { ...sound, values: [1] },
      { ...sound, values: [], timestamps: [] },
      { ...sound, timestamps: [2, 1, 3] },
      { ...sound, timestamps: [0, 1, now] },
    ]
    const refused = await bringHistory(memorySeries(), wrong, scope, now).catch((error) => error)
    expect(refused.problems.map(({ text }: { text: string }) => text)).toEqual([
      'series 2 has no __name__',
      'series 3 has the label plimsoll_origin, which says what is brought along',
      'series 4 has 1 values and 3 times',
      'series 5 has no values',
      'series 6 is not in order: expected the oldest first, each time once',
      'series 7 tells of what is still to come',
    ])
    await expect(bringHistory(memorySeries(), [], scope, now)).rejects.toMatchObject({ code: 'PLM_USAGE' })
  })
})
