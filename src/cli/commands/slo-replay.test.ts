import { expect, it } from 'vitest'
import type { ReplayedAlert, ReplayedObjective, ReplayedSlo, ReplayView } from '../../contract/index.ts'
import { renderReplay } from '../replay-screen.ts'
import { memoryScreen } from './screen.fixture.ts'
import { exitOf } from './slo-replay.ts'

const from = Date.UTC(2026, 10, 1)
const hourMs = 3_600_000
const page = (until?: number): ReplayedAlert => ({
  severity: 'page',
  window: '1h',
  from: from + hourMs,
  worstBurn: 49.82,
  ...(until === undefined ? {} : { until }),
})
const side = (more: Partial<ReplayedObjective>): ReplayedObjective => ({
  objective: 0.999,
  days: 28,
  alerts: [],
  left: 0.655,
  ...more,
})
const view = (...slos: readonly Partial<ReplayedSlo>[]): ReplayView => ({
  schemaVersion: 1,
  service: 'payments',
  from,
  to: from + 30 * 24 * hourMs,
  slos: slos.map((one) => ({
    ...{ environment: 'production', name: 'availability', is: 'changed', known: 0.964, gaps: [] },
    ...{ proposed: side({}), inForce: side({}) },
    ...one,
  })),
})

it('shows what would have been told of beside what is in force, and what nobody knows', () => {
  const gap = { from: from + 5 * hourMs, to: from + 7 * hourMs }
  const proposed = side({
    objective: 0.9995,
    alerts: [page(from + 1.5 * hourMs), page()],
    left: -0.1,
    least: { at: from + 2 * hourMs, left: -0.25 },
  })
  expect(renderReplay(view({ proposed, gaps: [gap, gap, gap, gap] }), memoryScreen())).toBe(
    `payments from 2026-11-01 00:00 to 2026-12-01 00:00 (UTC)
production availability: changed
    would be (99.95 % over 28 d): 2 pages, 0 tickets; the budget is spent (least -25 % on 2026-11-01 02:00)
      page  1h  2026-11-01 01:00  30 m 00 s    up to 49.8×
      page  1h  2026-11-01 01:00  still fires  up to 49.8×
    in force (99.9 % over 28 d): 0 pages, 0 tickets; 65.5 % of the budget is left
    96.4 % of the time is known
      nothing from 2026-11-01 05:00 to 2026-11-01 07:00
      nothing from 2026-11-01 05:00 to 2026-11-01 07:00
      nothing from 2026-11-01 05:00 to 2026-11-01 07:00
      and 1 gap more
`,
  )
  expect(
    renderReplay(view({ is: 'new', proposed: side({ because: 'it is down' }) }), memoryScreen()),
  ).toMatch(/would be: it is down/)
})

it('ends with whether somebody would have been paged more often, or that nobody knows', () => {
  expect(exitOf(view({}))).toBe(0)
  expect(exitOf(view({ proposed: side({ alerts: [page()] }) }))).toBe(1)
  expect(exitOf(view({ inForce: side({ alerts: [page()] }) }))).toBe(0)
  expect(exitOf(view({ known: 0.4 }))).toBe(3)
  expect(exitOf(view({ proposed: side({ because: 'it is down' }) }))).toBe(3)
  expect(exitOf(view())).toBe(3)
})
