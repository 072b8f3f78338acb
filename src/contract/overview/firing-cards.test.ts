import { expect, it } from 'vitest'
import type { AlertRow } from '../alerts.ts'
import { firingCards } from './firing-cards.ts'

const row = (slo: string, window: string, severity: AlertRow['severity'], more: Partial<AlertRow> = {}) => ({
  ...{ service: 'payments', environment: 'production', slo, window, severity },
  ...{ text: `${slo} burns`, next: 'look', changes: [], firedAt: 0 },
  ...more,
})

it('has one card for one SLO and place, the most urgent first, with all its windows', () => {
  const cards = firingCards([
    row('availability', '1d', 'ticket'),
    row('latency', '1d', 'ticket'),
    row('availability', '1h', 'page'),
    row('availability', '6h', 'page'),
    row('availability', '1h', 'page', { environment: 'staging' }),
  ])
  expect(
    cards.map(({ first, all }) => [first.environment, first.slo, ...all.map(({ window }) => window)]),
  ).toEqual([
    ['production', 'availability', '1h', '6h', '1d'],
    ['staging', 'availability', '1h'],
    ['production', 'latency', '1d'],
  ])
})
