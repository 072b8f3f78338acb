import { describeStore } from './conformance.fixture.ts'
import { memoryStore } from './memory.ts'

describeStore('in memory', async () => memoryStore())
