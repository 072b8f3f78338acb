import { expect, it } from 'vitest'
import { isWanted, type MessageBody, type MessageType } from './message.ts'
import { enqueue } from './queue.ts'
import type { Outgoing } from './state.ts'

const body = (id: string, type: MessageType): MessageBody => ({ id, type }) as MessageBody
const waiting = (id: string, type: MessageType, more: Partial<Outgoing> = {}): Outgoing => ({
  body: body(id, type),
  cameAt: 0,
  tries: 0,
  ...more,
})
const ids = (queue: readonly Outgoing[]) => queue.map((one) => one.body.id)

it('says that all this works of now alone', () => {
  const queue = [waiting('1', 'watch.alive', { nextAt: 9 }), waiting('2', 'alert.page')]
  expect(ids(enqueue({ queue }, body('3', 'watch.alive'), 1))).toEqual(['2', '3'])
  expect(ids(enqueue({ queue, sending: 1 }, body('3', 'watch.alive'), 1))).toEqual(['1', '2', '3'])
})

it('tries what stands before a page at once, and in its order', () => {
  const queue = [waiting('1', 'deployment.passed', { tries: 9, nextAt: 300_000, failed: 'answered 503' })]
  const paged = enqueue({ queue }, body('2', 'alert.page'), 1)
  expect(ids(paged)).toEqual(['1', '2'])
  expect(paged[0]).toEqual(waiting('1', 'deployment.passed', { tries: 9, failed: 'answered 503' }))
  expect(enqueue({ queue }, body('2', 'alert.ticket'), 1)[0]?.nextAt).toBe(300_000)
  expect(enqueue({ queue, sending: 4 }, body('2', 'alert.page'), 1)[0]?.nextAt).toBe(300_000)
})

it('tells that an alert is over those who wanted to hear of it', () => {
  const over = (on: readonly string[], severity: string) => isWanted(on, 'alert.resolved', severity)
  expect(over(['alert.page', 'alert.resolved'], 'page')).toBe(true)
  expect(over(['alert.page', 'alert.resolved'], 'ticket')).toBe(false)
  expect(over(['alert.resolved'], 'ticket')).toBe(true)
  expect(over(['alert.page'], 'page')).toBe(false)
  expect(isWanted(['deployment.passed'], 'deployment.passed', undefined)).toBe(true)
})
