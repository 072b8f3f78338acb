import { afterEach, describe, expect, it } from 'vitest'
import { first, run } from './conformance/subject.fixture.ts'
import { createListeners } from './listeners.ts'
import { memoryStore } from './memory.ts'

const others = process.listeners('uncaughtException')
afterEach(() => {
  process.removeAllListeners('uncaughtException')
  for (const other of others) process.on('uncaughtException', other)
})

/** What nobody caught, until the next turn. */
async function uncaught(act: () => Promise<void>): Promise<string[]> {
  const errors: string[] = []
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', (error) => errors.push(error.message))
  await act()
  await new Promise((resolve) => setImmediate(resolve))
  return errors
}

const failing = () => {
  throw new Error('I cannot listen')
}

describe('listeners', () => {
  it('that throw change no answer, keep nobody else from hearing, and are reported', async () => {
    const { journal } = memoryStore()
    const heard: number[] = []
    journal.watch(failing)
    journal.watch((newest) => heard.push(newest))
    const errors = await uncaught(async () => {
      expect(await journal.create(first(run('a')))).toBe('created')
    })
    expect(heard).toEqual([1])
    expect(errors).toEqual(['I cannot listen'])
  })

  it('stop one by one, even when one function listens twice', () => {
    const listeners = createListeners()
    const heard: number[] = []
    const hear = (newest: number) => heard.push(newest)
    const stop = listeners.watch(hear)
    listeners.watch(hear)
    stop()
    stop()
    listeners.tell(7)
    expect(heard).toEqual([7])
  })
})
