import { expect, it } from 'vitest'
import type { CommandEnd } from '../../host/index.ts'
import { look } from './instance.ts'
import type { InstanceState } from './state.ts'

const instance: InstanceState = {
  ...{ index: 0, attempt: 2, phase: 'ready', port: 1, since: 0, crashes: 0, everReady: true, notBefore: 0 },
  kills: { app: 1 },
}
const ended = (more: Partial<CommandEnd>): CommandEnd => ({
  ...{ exit: null, signal: 'SIGKILL', why: 'exited', startedAt: 0, endedAt: 9_000, droppedBytes: 0, ...more },
})

it('counts what the kernel killed for want of memory over all of its processes', () => {
  const note = 'container app ran out of memory (limit 256 MiB)'
  const seen = look(instance, { command: { ended: ended({ note, kills: { app: 2, proxy: 1 } }) } }, 9_100)
  expect(seen).toMatchObject({
    phase: 'backingOff',
    lastCrash: `${note} after 9.0 s`,
    kills: { app: 3, proxy: 1 },
  })
  expect(look(instance, { command: { ended: ended({}) } }, 9_100)?.kills).toEqual({ app: 1 })
})
