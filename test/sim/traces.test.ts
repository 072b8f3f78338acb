import { describe, expect, it } from 'vitest'
import type { Sent } from '../../src/flow/traces/follower.ts'
import { otlpRequest } from '../../src/flow/traces/plan/otlp.ts'
import type { Trace } from '../../src/flow/traces/plan/span.ts'
import { attributesOf, spansIn } from '../support/otlp.ts'
import { exploreCrashes, play, type Tale } from './explore.ts'
import { ask, deploymentOf, order, setStage, until, wellBehaved } from './stage.ts'

const small = (n: number) => {
  const plain = order(n)
  return { ...plain, settings: { ...plain.settings, instances: 1 } }
}

/** @param collect told a trace, and how often that one has come */
function tale(
  name: string,
  collect: (trace: Trace, times: number) => Sent,
  check: (received: readonly Trace[]) => void,
): Tale {
  let received: Trace[] = []
  let taken = new Set<string>()
  let isOver = false
  return {
    name,
    stage() {
      received = []
      taken = new Set()
      isOver = false
      return setStage({
        scriptOf: () => wellBehaved,
        collect(trace) {
          received.push(trace)
          const sent = collect(trace, received.filter(({ id }) => id === trace.id).length)
          if (sent.is !== 'later') taken.add(trace.id)
          return sent
        },
      })
    },
    async ask(plimsoll, on) {
      await ask(plimsoll, small(1))
      await until(plimsoll, async () => (await deploymentOf(on, 1))?.phase === 'ended')
      await ask(plimsoll, small(2))
    },
    async look(on) {
      const two = await deploymentOf(on, 2)
      const cursor = Number(await on.store.journal.note('traces/cursor'))
      const ended = (await on.store.journal.events(0, 10_000)).filter(
        ({ type }) => type === 'deployment.passed',
      )
      isOver = two?.phase === 'ended' && taken.size >= 2 && cursor >= (ended.at(-1)?.seq ?? Infinity)
    },
    over: () => isOver,
    async check() {
      const all = Map.groupBy(received, ({ id }) => id)
      expect([...all.keys()], 'one trace for each deployment').toHaveLength(2)
      for (const [first, ...others] of all.values())
        for (const other of others)
          expect(other, 'the same trace is the same when it comes again').toEqual(first)
      const deployments = [...all.values()].map(([first]) => {
        const [whole] = spansIn(otlpRequest(first as Trace, { 'service.name': 'plimsoll' }, '1'))
        return whole && attributesOf(whole)['deployment.id']
      })
      expect(deployments, 'in order').toEqual(['payments.production.1', 'payments.production.2'])
      check(received)
    },
  }
}

const fine = tale(
  'each deployment is told of once',
  () => ({ is: 'taken', rejected: 0 }),
  // A life that ends between the answer and its being written down sends once more.
  (received) => expect(received.length).toBeLessThanOrEqual(3),
)

const down = tale(
  'what nobody takes is tried again, and what comes after waits for it',
  (_, times) => (times < 4 ? { is: 'later', because: 'it is down' } : { is: 'taken', rejected: 0 }),
  (received) => {
    expect(received.length).toBeGreaterThanOrEqual(8)
    const ids = received.map(({ id }) => id)
    expect(ids.lastIndexOf(ids[0] ?? '')).toBeLessThan(ids.indexOf(ids.at(-1) ?? ''))
  },
)

const refused = tale(
  'what is refused holds nothing up',
  (_, times) => (times > 1 ? { is: 'taken', rejected: 0 } : { is: 'refused', because: 'it is no trace' }),
  (received) => expect(received.length).toBeLessThanOrEqual(3),
)

describe('traces, crashed before and after every call', () => {
  it.each([fine, down, refused])('without a crash: $name', async (one) => {
    await play(one, undefined)
  })

  it.each([down])('at every crash point: $name', { timeout: 300_000 }, async (one) => {
    const { points, names } = await exploreCrashes(one)
    console.log(`${one.name}: ${points} crash points`)
    expect(names).toHaveProperty(['traces.send'])
  })
})
