import { expect, it } from 'vitest'
import type { MessageBody } from './message.ts'
import { outcomeOf } from './retry.ts'
import type { Outgoing } from './state.ts'

const body = { type: 'deployment.passed' } as MessageBody
const hourMs = 3_600_000
const failed = { is: 'answered', status: 500 } as const
const after = (tries: number, cameAt = 0): Outgoing => ({ body, cameAt, tries })

it('delivers on any 2xx and on nothing else', () => {
  for (const status of [200, 202, 204, 299])
    expect(outcomeOf({ is: 'answered', status }, after(1), 0)).toEqual({ is: 'delivered' })
  for (const status of [100, 301, 307, 400, 429, 500])
    expect(outcomeOf({ is: 'answered', status }, after(1), 0)).toMatchObject({ is: 'again' })
})

it('waits twice as long each time, up to five minutes', () => {
  const pauses = [1, 2, 3, 9, 10, 40].map((tries) => outcomeOf(failed, after(tries), 0))
  expect(pauses.map((one) => one.is === 'again' && one.at / 1_000)).toEqual([1, 2, 4, 256, 300, 300])
})

it('tries for an hour, and three times at least', () => {
  expect(outcomeOf(failed, after(20), hourMs - 1)).toMatchObject({ is: 'again' })
  expect(outcomeOf(failed, after(20), hourMs)).toEqual({ is: 'givenUp', because: 'answered 500' })
  expect(outcomeOf(failed, after(2), 5 * hourMs)).toMatchObject({ is: 'again' })
  expect(outcomeOf(failed, after(3), 5 * hourMs)).toMatchObject({ is: 'givenUp' })
})

it('gives up at once on whoever says that he is gone', () => {
  expect(outcomeOf({ is: 'answered', status: 410 }, after(1), 0)).toEqual({
    is: 'givenUp',
    because: 'answered 410, gone',
  })
})

it('tries to tell of an alert for a day', () => {
  const page = (cameAt: number): Outgoing => ({
    body: { type: 'alert.page' } as MessageBody,
    cameAt,
    tries: 300,
  })
  expect(outcomeOf(failed, page(0), 24 * hourMs - 1)).toMatchObject({ is: 'again' })
  expect(outcomeOf(failed, page(0), 24 * hourMs)).toMatchObject({ is: 'givenUp' })
})
