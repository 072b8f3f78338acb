import { expect, it } from 'vitest'
import type { MessageBody } from '../message.ts'
import { alertmanagerAlerts } from './alertmanager.ts'
import { mailOf } from './email.ts'
import { pagerDutyEvents } from './pagerduty.ts'
import { slackMessage } from './slack.ts'

const firedAt = '2027-03-01T12:00:00.000Z'
const text = 'disk /var is full about 12 March (80 %: 3 – 28 March; 84 % within 30 days)'
const body: MessageBody = {
  ...{ schemaVersion: 1, id: 'payments.alert.1.1', type: 'alert.ticket', at: firedAt },
  ...{ service: 'payments', environment: 'production', page: '/alerts?service=payments' },
  text: `production of payments: ${text}`,
  alerts: [
    {
      ...{ environment: 'production', slo: 'disk /var', window: 'forecast', severity: 'ticket', text },
      ...{ next: 'make room', changes: [], firedAt, healthyAt: firedAt },
      evidence: ['the last whole hour had 80.3 % of what fits'],
      owner: 'storage team',
    },
  ],
}

it('tells by mail what is coming, by what it is known, whose it is and what to do', () => {
  expect(mailOf(body, 'plimsoll@example.org', undefined)).toMatchObject({
    subject: `Ticket: production of payments: ${text}`,
    priority: 'normal',
    text: [
      `production of payments: ${text}`,
      '',
      text,
      '  seen coming since 2027-03-01 12:00 UTC',
      '  because the last whole hour had 80.3 % of what fits',
      '  owner: storage team',
      '  next: make room',
      '',
    ].join('\n'),
  })
})

it('tells times by the clocks of those who are told', () => {
  const there = {
    ...body,
    timeZone: 'Europe/London',
    alerts: body.alerts?.map((one) => ({ ...one, firedAt: '2027-07-01T12:00:00.000Z' })),
  }
  expect(mailOf(there, 'plimsoll@example.org', undefined).text).toContain(
    'seen coming since 2027-07-01 13:00 Europe/London',
  )
})

it('tells Slack the same', () => {
  const { blocks } = slackMessage(body, undefined) as { blocks: { text?: { text: string } }[] }
  expect(blocks[1]?.text?.text).toBe(
    [
      `*${text}*`,
      'Known by:',
      '• the last whole hour had 80.3 % of what fits',
      '_Owner:_ storage team',
      '_Next:_ make room',
    ].join('\n'),
  )
})

it('wakes nobody by PagerDuty', () => {
  const [{ body: event } = { body: {} }] = pagerDutyEvents(body, 'key', undefined)
  expect(event).toMatchObject({
    dedup_key: 'plimsoll/payments/production/disk /var/ticket',
    payload: {
      severity: 'warning',
      custom_details: { evidence: ['the last whole hour had 80.3 % of what fits'], owner: 'storage team' },
    },
  })
})

it('has a name of its own at an Alertmanager', () => {
  expect(alertmanagerAlerts(body, undefined, 0)).toMatchObject([
    {
      labels: { alertname: 'SeenComing', slo: 'disk /var', window: 'forecast', severity: 'ticket' },
      annotations: { evidence: 'the last whole hour had 80.3 % of what fits', owner: 'storage team' },
    },
  ])
})
