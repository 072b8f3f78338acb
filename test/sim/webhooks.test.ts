import { expect } from 'vitest'
import type { Plimsoll } from '../../src/flow/plimsoll.ts'
import { readNotifier, serviceRef } from '../../src/flow/records.ts'
import { newService } from '../../src/flow/service.ts'
import type { Json } from '../../src/kernel/index.ts'
import type { MessageBody, NotifierState, PostEnd } from '../../src/notify/index.ts'
import type { Tale } from './explore.ts'
import { ask, deploymentOf, order, type Stage, setStage, until, wellBehaved } from './stage.ts'
import { tellTales } from './tell-tales.ts'

const on = ['deployment.started', 'deployment.passed']
const webhook = { kind: 'webhook', name: 'ops', url: 'http://ops.test/', key: { secret: 'KEY' }, on }

/** The service, with the one part of its configuration that matters here. */
async function configure({ runner }: Plimsoll): Promise<void> {
  await runner.create(serviceRef('payments'), newService('payments') as unknown as Json)
  const config = { service: 'payments', notify: [webhook], environments: { production: {} } }
  await runner.tell(serviceRef('payments'), { is: 'guard', guard: { run: 1, commit: 'c', config } })
}

const small = (n: number) => {
  const plain = order(n)
  return { ...plain, settings: { ...plain.settings, instances: 1 } }
}

type Received = { id: string; type: string; at: number }

/** @param answer told the message, and how often it has come */
function tale(
  name: string,
  answer: (body: MessageBody, times: number) => PostEnd,
  check: (received: readonly Received[], state: NotifierState | undefined) => void,
): Tale {
  let received: Received[] = []
  let state: NotifierState | undefined
  let isDone = false
  let stage: Stage | undefined
  return {
    name,
    stage: () => {
      received = []
      state = undefined
      isDone = false
      stage = setStage({
        scriptOf: () => wellBehaved,
        receive(spec) {
          const body = JSON.parse(spec.body) as MessageBody
          expect(spec.id).toBe(body.id)
          received.push({ id: body.id, type: body.type, at: stage?.clock.now() ?? 0 })
          return answer(body, received.filter(({ id }) => id === body.id).length)
        },
      })
      return stage
    },
    async ask(plimsoll, on) {
      await configure(plimsoll)
      await ask(plimsoll, small(1))
      await until(plimsoll, async () => (await deploymentOf(on, 1))?.phase === 'ended')
      await ask(plimsoll, small(2))
    },
    async look(on) {
      state = await readNotifier(on.store.journal, 'payments', 'ops')
      const two = await deploymentOf(on, 2)
      const said = (state?.delivered ?? 0) + (state?.lost ?? 0)
      isDone = two?.phase === 'ended' && said >= 4 && state?.queue.length === 0
    },
    over: () => isDone,
    check: async () => check(received, state),
  }
}

/** Each message once, in order, however often it was sent. */
const inOrder = (received: readonly Received[]) => [
  ...new Map(received.map(({ id, type }) => [id, type])).values(),
]
const both = ['deployment.started', 'deployment.passed', 'deployment.started', 'deployment.passed']

const fine = tale(
  'everything arrives, in order, and the same message is the same when it comes twice',
  () => ({ is: 'answered', status: 200 }),
  (received, state) => {
    expect(inOrder(received)).toEqual(both)
    expect(state).toMatchObject({ delivered: 4, lost: 0, queue: [] })
    // A life that ends between the answer and its being written down sends once more.
    expect(received.length).toBeLessThanOrEqual(5)
  },
)

const stubborn = tale(
  'what fails is tried again, later and later, and what comes after waits for it',
  (_body, times) =>
    times < 5 ? { is: 'failed', because: 'the connection failed' } : { is: 'answered', status: 204 },
  (received, state) => {
    expect(inOrder(received)).toEqual(both)
    expect(state).toMatchObject({ delivered: 4, lost: 0 })
    const order = received.map(({ id }) => id)
    for (const id of new Set(order)) {
      const at = [order.indexOf(id), order.lastIndexOf(id)] as const
      expect(new Set(order.slice(at[0], at[1] + 1)), 'one after the other').toEqual(new Set([id]))
      const [first, last] = [received[at[0]], received[at[1]]]
      // A try of which nobody knows the end is made again at once: one pause fewer.
      expect((last?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1_000 + 2_000 + 4_000)
    }
  },
)

const gone = tale(
  'whoever is gone is told no second time of the same',
  ({ type }) => ({ is: 'answered', status: type === 'deployment.started' ? 410 : 200 }),
  (received, state) => {
    expect(inOrder(received)).toEqual(both)
    expect(state).toMatchObject({
      delivered: 2,
      lost: 2,
      givenUp: [{ because: 'answered 410, gone', tries: 1 }, { type: 'deployment.started' }],
    })
  },
)

const tales = [fine, stubborn, gone]

tellTales('webhooks, crashed before and after every call', { tales, reaches: ['posts.start'] })
