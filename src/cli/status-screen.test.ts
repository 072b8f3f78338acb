import { describe, expect, it } from 'vitest'
import {
  alert,
  future,
  headroom,
  health,
  now,
  services,
  sights,
} from '../contract/overview/overview.fixture.ts'
import { statusOf } from '../contract/overview/status.ts'
import { memoryScreen } from './commands/screen.fixture.ts'
import { renderCheck, renderStatus } from './status-screen.ts'

const bad = statusOf(
  services({
    at: now + 185_000,
    waiting: [{ service: 'payments', text: 'payments production is locked by ada: audit', link: '/' }],
  }),
  sights({
    alerts: [alert(), alert({ slo: 'latency', severity: 'ticket', text: 'latency burns' })],
    health: [health({ is: 'unknown', reasons: ['nothing has been collected of it lately'] })],
    headroom: [headroom()],
    futures: [future({ ticketSince: now })],
  }),
)

describe('the screen of the status', () => {
  it('says the verdict, what is wrong, what is coming and what waits, before what runs where', () => {
    expect(renderStatus(bad, memoryScreen())).toBe(
      [
        '✗ 1 thing is wrong; 1 thing is to be seen to',
        '  ✗ payments production: its budget burns 17 times as fast as evenly (3 m 05 s ago)',
        '  ! payments production: latency burns (3 m 05 s ago)',
        '  ? payments production: nothing has been collected of it lately',
        '',
        'Coming',
        '  ! payments production: crosses its load line about 12 March',
        '',
        'Waiting for somebody',
        '  ! payments production is locked by ada: audit',
        '',
        'SERVICE   ENVIRONMENT  IS      RELEASE       READY  LOAD LINE                          REQUESTS     ADDRESS                CHANGE',
        'payments  production   1 page  3f2a91c0d4e5  2/2    61 %, not crossed within 180 days  0 of 9 lost  http://127.0.0.1:8080  Take payments',
        '',
        'Going on, or not passed',
        '  ✗ failed  payments.3  test failed: Refund in euros',
        '',
      ].join('\n'),
    )
  })

  it('says no more than the verdict where nothing is wrong, and scripts want no more', () => {
    const well = statusOf(services(), sights({}))
    expect(renderCheck(well, memoryScreen({ ascii: true }))).toBe('+ nothing is wrong\n')
    expect(renderStatus(well, memoryScreen())).toMatch(
      /^✓ nothing is wrong\n\nComing\n {2}· Nobody can say yet/,
    )
    const nobody = statusOf(services({ services: [] }), sights({}))
    expect(renderCheck(nobody, memoryScreen())).toMatch(
      /^\? nothing is known to be wrong, but nobody can tell/,
    )
    expect(renderStatus(nobody, memoryScreen())).toMatch(/^No service yet/)
  })
})
