import { describeStore } from './conformance.fixture.ts'
import { memoryStore } from './memory.ts'

describeStore('in memory', async () => {
  const store = memoryStore()
  return { store, close: () => store.close() }
})
