import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { FuturesView, FutureView } from '../contract/index.ts'
import { memoryScreen } from './commands/screen.fixture.ts'
import { exitOfFutures, renderFutures } from './futures-screen.ts'

const now = Date.UTC(2026, 10, 30, 12)
const budget: FutureView = {
  ...{ is: 'foreseen', kind: 'budget', name: 'availability', label: 'budget availability', foundAt: now },
  text: 'its availability budget ends Thursday 14:00 UTC (80 %: Wed – Sat)',
  found: [
    '62 % of it is spent over 28 days, 31 % in the last 3',
    'one more like 5b1f0c9a7d21 of 20 November would spend 18 % of it',
  ],
  next: 'find out what spends it, and put off risky changes until it is given back; plimsoll slo tells how fast it burns',
  ...{ within: { 7: 0.9, 30: 0.96, 90: 0.97 }, leadDays: 30, withinLead: 0.96 },
  ticketSince: now - 2 * 3_600_000,
}
const certificate: FutureView = {
  ...{ is: 'foreseen', kind: 'certificate', name: 'pay-tls', label: 'certificate pay-tls', foundAt: now },
  ...{ text: 'certificate pay-tls ends on 4 March at 12:30 UTC', next: 'renew it' },
  found: ['probe pay-tls sees it at pay.example.org:443'],
  ...{ within: { 7: 0, 30: 0, 90: 0 }, leadDays: 21, withinLead: 0 },
}
const disk: FutureView = {
  ...{ is: 'unforeseen', kind: 'disk', name: '/var', label: 'disk /var', foundAt: now, found: [] },
  text: 'disk /var: 3 days are known, expected at least 5',
}

const view = (production: FutureView[], database: FutureView[] = []): FuturesView => ({
  ...{ schemaVersion: 1, at: now },
  environments: [
    {
      ...{ service: 'payments', environment: 'production' },
      owner: 'payments platform team',
      futures: production,
    },
    { service: 'payments', environment: 'database', futures: database },
  ],
})

it('prints what docs/futures.md shows', () => {
  const page = readFileSync(new URL('../../docs/futures.md', import.meta.url), 'utf8')
  const shown = page.split('```').find((block) => block.startsWith('\n!')) ?? ''
  expect(renderFutures(view([budget, certificate], [disk]), memoryScreen())).toBe(shown.slice(1))
})

it('says it without colours and signs of its own where there are none', () => {
  expect(renderFutures(view([budget]), memoryScreen({ ascii: true })).split('\n')[0]).toBe(
    '! payments production its availability budget ends Thursday 14:00 UTC (80 %: Wed - Sat)',
  )
  expect(renderFutures(view([]), memoryScreen())).toBe('Nothing has been looked ahead at yet.\n')
})

it('ends with whether something is likely in time', () => {
  const { ticketSince: _, ...likely } = budget
  expect(exitOfFutures(view([certificate], [disk]))).toBe(0)
  expect(exitOfFutures(view([certificate, budget]))).toBe(1)
  expect(exitOfFutures(view([likely]))).toBe(1)
  expect(exitOfFutures(view([disk]))).toBe(3)
  expect(exitOfFutures(view([]))).toBe(3)
})
