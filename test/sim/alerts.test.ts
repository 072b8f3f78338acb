import { expect } from 'vitest'
import { alertsRef } from '../../src/flow/records.ts'
import type { AlertsCommand, Burning } from '../../src/watch/index.ts'
import { alertTale, configure, heardBy, type Seen } from './alert-tale.ts'
import type { Tale } from './explore.ts'
import { tellTales } from './tell-tales.ts'

const lowTraffic = { bad: 5, chance: 0.01, coverage: 0.5 }
const slo = {
  kind: 'availability',
  name: 'availability',
  objective: 0.999,
  window: 28 * 86_400_000,
  lowTraffic,
}
const page: Burning = { slo: 'availability', window: '1h', severity: 'page', text: 'it burns' }
const ticket: Burning = { slo: 'availability', window: '1d', severity: 'ticket', text: 'it smoulders' }

type Line = { readonly minute: number; readonly burning: readonly Burning[] }
/** @param answers whether a receiver answers at that minute */
const tale = (
  name: string,
  script: readonly Line[],
  told: number,
  answers: (minute: number) => boolean,
  check: (seen: Seen) => void,
): Tale =>
  alertTale({
    ...{ name, told, answers, check, lastMinute: script.at(-1)?.minute ?? 0 },
    async happen(plimsoll, atMinute) {
      await configure(plimsoll, { slos: [slo] })
      for (const { minute, burning } of script) {
        const at = atMinute(minute)
        await plimsoll.world.clock.until(at)
        const command: AlertsCommand = { is: 'seen', at, environment: 'production', burning }
        await plimsoll.runner.tell(alertsRef('payments'), command)
      }
    },
  })

const every = (minutes: number, until: number, burningAt: (minute: number) => readonly Burning[]): Line[] =>
  Array.from({ length: Math.floor(until / minutes) + 1 }, (_, i) => ({
    minute: i * minutes,
    burning: burningAt(i * minutes),
  }))

const outage = tale(
  'nobody answers for an hour: everything arrives afterwards, once and in order',
  every(5, 70, (minute) => {
    if (minute < 5 || minute >= 45) return []
    if (minute < 10) return [page]
    if (minute < 20) return [page, ticket]
    return minute < 30 ? [ticket] : [page, ticket]
  }),
  6,
  (minute) => minute >= 61,
  (seen) => {
    expect(heardBy('pager', seen)).toEqual(['alert.page', 'alert.resolved', 'alert.page', 'alert.resolved'])
    expect(heardBy('desk', seen)).toEqual(['alert.ticket', 'alert.resolved'])
    expect(seen.hooks).toMatchObject({ pager: { delivered: 4, lost: 0 }, desk: { delivered: 2, lost: 0 } })
    expect(seen.state).toMatchObject({ alerts: [], silences: [] })
    expect(seen.state?.history.map(({ type, to }) => `${type} to ${to}`)).toEqual([
      'alert.resolved to pager',
      'alert.resolved to desk',
      'alert.page to pager',
      'alert.ticket to desk',
      'alert.resolved to pager',
      'alert.page to pager',
    ])
  },
)

const prompt = tale(
  'a page is told within the time that a group waits, whoever dies meanwhile',
  [
    { minute: 0, burning: [] },
    { minute: 1, burning: [page] },
    { minute: 2, burning: [page] },
    { minute: 3, burning: [] },
  ],
  2,
  () => true,
  (seen) => {
    expect(heardBy('pager', seen)).toEqual(['alert.page', 'alert.resolved'])
    expect(heardBy('desk', seen)).toEqual([])
    const [first] = seen.sent
    expect((first?.minute ?? 9) - 1).toBeLessThan(0.5)
  },
)

const blind = tale(
  'of what nothing is heard there is a page, and it is over when something is',
  [
    { minute: 0, burning: [] },
    { minute: 40, burning: [] },
    { minute: 42, burning: [] },
  ],
  2,
  () => true,
  (seen) => {
    expect(heardBy('pager', seen)).toEqual(['alert.page', 'alert.resolved'])
    const [first] = seen.sent
    expect(first?.minute).toBeGreaterThanOrEqual(10)
    // A server that comes back gives as much time again.
    expect(first?.minute).toBeLessThan(21.5)
    expect(seen.state?.history.at(-1)?.text).toContain('nothing was heard for 10 m 00 s')
  },
)

const tales = [outage, prompt, blind]

tellTales('alerts, crashed before and after every call', {
  tales,
  reaches: ['posts.start', 'journal.commit'],
})
