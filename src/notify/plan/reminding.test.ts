import { expect, it } from 'vitest'
import type { Json } from '../../kernel/index.ts'
import type { AlertBody, MessageBody } from './message.ts'
import { notifier } from './notifier.ts'
import { type NotifierState, newNotifier, type PostEnd, type PostTarget } from './state.ts'

const target: PostTarget = { kind: 'alertmanager', url: 'http://am.test' }
const minuteMs = 60_000
const message = (id: string, type: MessageBody['type']): MessageBody => ({
  schemaVersion: 1,
  id,
  type,
  at: '2026-11-28T13:00:00Z',
  service: 'payments',
  text: 'it burns',
  page: '/alerts',
  alerts: [{ environment: 'production', slo: 'availability', window: '1h', text: 'it burns' } as AlertBody],
})

/** A notifier whose every try ends as `answers` says. */
function story(answers: (body: MessageBody) => PostEnd) {
  let state: NotifierState = newNotifier('payments', 'am')
  const sent: string[] = []
  let seq = 0
  let found: 'absent' | { ended: PostEnd } = 'absent'
  return {
    sent,
    state: () => state,
    tell(body: MessageBody, now: number) {
      const decision = notifier.accept(state, { is: 'tell', seq: ++seq, body }, now)
      if (decision.is !== 'wait') state = decision.state
    },
    /** Decides until there is something to wait for. */
    at(now: number) {
      for (;;) {
        const decision = notifier.decide(state, { found, target }, now)
        if (decision.is === 'wait') return
        state = decision.state
        found = 'absent'
        for (const { spec } of decision.effects) {
          const body = JSON.parse((spec as { body: string } & Json).body) as MessageBody
          sent.push(body.id)
          found = { ended: answers(body) }
        }
      }
    },
  }
}

const taken: PostEnd = { is: 'answered', status: 200 }

it('says again each minute what fires, until it is over; it is no news', () => {
  const it = story(() => taken)
  it.tell(message('1', 'alert.page'), 0)
  for (let second = 0; second <= 150; second += 10) it.at(second * 1_000)
  expect(it.sent).toEqual(['1', `payments.am.again.2.${minuteMs}`, `payments.am.again.3.${2 * minuteMs}`])
  it.tell(message('2', 'alert.resolved'), 160_000)
  it.at(160_000)
  it.at(600_000)
  expect(it.sent.slice(3)).toEqual(['2'])
  expect(it.state()).toMatchObject({ delivered: 2, lost: 0, open: [] })
  expect(it.state().told?.map(({ id }) => id)).toEqual(['2', '1'])
})

it('says nothing again of what is over, though nobody could be told that it is', () => {
  const it = story(({ type }) => (type === 'alert.resolved' ? { is: 'answered', status: 410 } : taken))
  it.tell(message('1', 'alert.page'), 0)
  it.at(0)
  it.tell(message('2', 'alert.resolved'), 1_000)
  it.at(1_000)
  it.at(10 * minuteMs)
  expect(it.sent).toEqual(['1', '2'])
  expect(it.state()).toMatchObject({ lost: 1, open: [] })
})
