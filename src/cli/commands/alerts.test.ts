import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { AlertHistory, AlertsView } from '../../contract/index.ts'
import { exit } from '../../kernel/index.ts'
import { exitOf, renderAlerts, renderHistory } from './alerts.ts'
import { memoryScreen } from './screen.fixture.ts'
import { silence } from './silences.ts'

const at = Date.UTC(2026, 10, 28, 13, 6)
const view: AlertsView = {
  schemaVersion: 1,
  at,
  alerts: [
    {
      service: 'payments',
      environment: 'production',
      slo: 'availability',
      window: '1h',
      severity: 'page',
      text: 'its availability budget burns 49.8 times as fast as evenly over 1h, where 13.4 is allowed',
      next: 'look at what changed since it was well; if it was a release, plimsoll rollback production takes it back',
      changes: ['5b1f0c9a7d21 (Refund twice) was deployed at 2026-11-28 13:02 UTC by payments.production.7'],
      firedAt: at - 185_000,
      healthyAt: at - 200_000,
      toldAt: at - 175_000,
      toldTo: ['pager', 'chat'],
    },
    {
      service: 'payments',
      environment: 'production',
      slo: 'latency',
      window: '3d',
      severity: 'ticket',
      text: 'its latency budget burns 1.2 times as fast as evenly over 3d, where 0.933 is allowed',
      next: 'find out this week what spends the budget, before it becomes a page',
      changes: [],
      firedAt: at - 7_800_000,
      quiet: 'ada keeps it silent: OPS-7, the index is being built (3f2a91c0)',
    },
  ],
  silences: [
    {
      id: '3f2a91c0',
      service: 'payments',
      timeZone: 'Etc/UTC',
      environment: 'production',
      slo: 'latency',
      owner: 'ada',
      reason: 'OPS-7, the index is being built',
      by: 'ada',
      since: at - 7_200_000,
      until: Date.UTC(2026, 10, 28, 18, 0),
      quiets: 1,
    },
  ],
  places: [{ service: 'payments', environments: ['production'], slos: ['availability', 'latency'] }],
}
const history: AlertHistory = {
  schemaVersion: 1,
  at,
  told: [
    {
      id: 'payments.alert.2.1',
      at: at - 60_000,
      service: 'payments',
      timeZone: 'Etc/UTC',
      environments: ['production'],
      type: 'alert.resolved',
      text: 'production of payments is well again, after: its availability budget burns',
      receivers: [
        { name: 'pager', kind: 'pagerDuty', is: 'told', at: at - 59_000, tries: 1 },
        { name: 'chat', kind: 'slack', is: 'waiting', tries: 2, because: 'answered 503' },
      ],
    },
    {
      id: 'payments.alert.1.1',
      at: at - 600_000,
      service: 'payments',
      timeZone: 'Etc/UTC',
      environments: ['production'],
      type: 'alert.page',
      text: 'production of payments: its availability budget burns',
      receivers: [
        { name: 'pager', kind: 'pagerDuty', is: 'told', at: at - 540_000, tries: 4 },
        {
          name: 'chat',
          kind: 'slack',
          is: 'givenUp',
          at: at - 500_000,
          tries: 1,
          because: 'answered 410, gone',
        },
      ],
    },
    {
      id: 'payments.alert.0.1',
      at: at - 900_000,
      service: 'payments',
      timeZone: 'Etc/UTC',
      environments: ['production'],
      type: 'alert.ticket',
      text: 'production of payments: its latency budget burns',
      receivers: [],
    },
  ],
}

const page = readFileSync(fileURLToPath(new URL('../../../docs/alerts.md', import.meta.url)), 'utf8')
const blocks = [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map(([, , text]) => text)

describe('plimsoll alerts', () => {
  it('says what fires, what changed, what to do, and who keeps it silent, as the documentation shows', () => {
    expect(blocks).toContain(renderAlerts(view, memoryScreen()))
  })

  it('says who was told what and when, and who was not, as the documentation shows', () => {
    expect(blocks).toContain(renderHistory(history))
    expect(renderHistory({ ...history, told: [] })).toBe('Nobody was told of an alert yet.\n')
  })

  it('exits with 1 while a page fires, silent or not, with 3 when nothing could', () => {
    const [paging, ticket] = view.alerts
    const only = (alerts: typeof view.alerts, places = view.places) => exitOf({ ...view, alerts, places })
    expect(exitOf(view)).toBe(exit.no)
    expect(only(paging ? [{ ...paging, quiet: 'ada keeps it silent' }] : [])).toBe(exit.no)
    expect(only(ticket ? [ticket] : [])).toBe(exit.yes)
    expect(only([])).toBe(exit.yes)
    expect(only([], [])).toBe(exit.unknown)
  })

  it('says that all is quiet, in ASCII where there is nothing else', () => {
    expect(renderAlerts({ ...view, alerts: [], silences: [] }, memoryScreen({ ascii: true }))).toBe(
      '+ No alert fires.\n',
    )
    expect(renderAlerts({ ...view, places: [] }, memoryScreen())).toContain('Nothing is promised')
  })
})

describe('plimsoll silence', () => {
  const problemsOf = async (values: Record<string, string | boolean>) => {
    const io = { stdout: memoryScreen(), stderr: memoryScreen(), env: {}, cwd: '/' }
    const failed = await silence.run({ values, positionals: [] }, io).catch((error) => error)
    return (failed.problems as { at: string; text: string }[]).map(
      ({ at: where, text }) => `${where}: ${text}`,
    )
  }

  it('says all that is wrong with it at once, before it asks anybody', async () => {
    expect(await problemsOf({})).toEqual([
      '--reason: silence needs --reason: everybody will read it',
      '--for: silence needs one of --for, --until and --until-resolved: none lasts for ever',
    ])
    expect(await problemsOf({ reason: ' ', owner: '', for: '2 hours', until: 'tomorrow' })).toEqual([
      '--reason: silence needs --reason: everybody will read it',
      '--owner: --owner is empty, expected a name',
      '--for: --for is 2 hours, expected a duration such as 2h or 1d',
      '--until: --until is tomorrow, expected a time such as 2026-12-01T08:00 or 2026-12-01T08:00Z',
      '--for: silence needs one of --for, --until and --until-resolved',
    ])
  })
})
