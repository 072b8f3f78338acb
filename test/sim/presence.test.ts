import { expect, it } from 'vitest'
import { keepPresent } from '../../src/flow/presence.ts'
import { memoryStore } from '../../src/store/index.ts'
import { createVirtualClock } from './virtual-clock.ts'

it('says that nothing can be written for as long as nothing can', async () => {
  const clock = createVirtualClock()
  const { journal } = memoryStore()
  let full = true
  const setNote = (key: string, value: Parameters<typeof journal.setNote>[1]) =>
    full ? Promise.reject(new Error('database or disk is full')) : journal.setNote(key, value)
  const told: unknown[] = []
  const presence = keepPresent({ ...journal, setNote }, clock, (error) => told.push(error))
  const until = (done: () => boolean) => clock.runUntil(done, clock.now() + 60_000)
  expect(presence.trouble()).toBeUndefined()
  expect(await until(() => presence.trouble() === 'database or disk is full')).toBe('done')
  full = false
  expect(await until(() => presence.trouble() === undefined)).toBe('done')
  expect(told).toHaveLength(1)
  await presence.stop()
})
