import { expect, test } from 'vitest'
import { startTestGateway, startUpstream, tableFor } from './gateway.fixture.ts'
import { createSqueeze, longestLeaseMs } from './squeeze.ts'

function clocks() {
  let [elapsed, now] = [0, 1_000_000]
  return {
    squeeze: createSqueeze(
      () => elapsed,
      () => now,
    ),
    pass: (ms: number) => {
      elapsed += ms
      now += ms
    },
    putBack: (ms: number) => {
      now -= ms
    },
  }
}

const table = (until: number, share = 0.6, revision = 1) => ({
  ...tableFor({ a: { weight: 1, ports: [81, 82] } }),
  revision,
  squeeze: { instance: 'a/0', share, until },
})

test('it lasts as long as its table says, and longer only when that is said again', () => {
  const { squeeze, pass } = clocks()
  expect(squeeze.inForce()).toBeUndefined()
  squeeze.serve(table(1_005_000))
  pass(4_999)
  expect(squeeze.inForce()).toMatchObject({ instance: 'a/0', share: 0.6 })
  squeeze.serve(table(1_009_000))
  pass(4_000)
  expect(squeeze.inForce()).toBeDefined()
  pass(1)
  expect(squeeze.inForce()).toBeUndefined()
  expect(squeeze.seen().squeeze).toMatchObject({ inForce: false, revision: 1 })
  // What lay on disk meanwhile is as old as it is.
  squeeze.serve(table(1_009_000))
  expect(squeeze.inForce()).toBeUndefined()
})

test('no clock that was put back makes it last', () => {
  const { squeeze, pass, putBack } = clocks()
  putBack(3_600_000)
  squeeze.serve(table(1_005_000))
  pass(longestLeaseMs - 1)
  expect(squeeze.inForce()).toBeDefined()
  pass(1)
  expect(squeeze.inForce()).toBeUndefined()
})

test('both sides are counted from the table on that began it, each end once', () => {
  const { squeeze, pass } = clocks()
  const [its, other, stranger] = [
    { instance: 'a/0', fleet: 'a' },
    { instance: 'a/1', fleet: 'a' },
    { instance: 'b/0', fleet: 'b' },
  ]
  expect(squeeze.accept(its)).toBeUndefined()
  squeeze.serve(table(1_005_000))
  squeeze.accept(its)?.answered(200, 12)
  squeeze.accept(its)?.answered(503, 300)
  const late = squeeze.accept(its)
  squeeze.accept(other)?.ended('lost')
  expect(squeeze.accept(stranger)).toBeUndefined()
  expect(squeeze.seen().squeeze).toMatchObject({
    squeezed: { accepted: 3, answered: 2, byClass: { '2': 1, '5': 1 } },
    others: { accepted: 1, answered: 0, lost: 1 },
  })
  squeeze.serve(table(1_008_000))
  expect(squeeze.seen().squeeze).toMatchObject({ squeezed: { accepted: 3 } })
  squeeze.serve(table(1_008_000, 0.7, 2))
  late?.answered(200, 1)
  expect(squeeze.seen().squeeze).toMatchObject({ revision: 2, squeezed: { accepted: 0, answered: 0 } })
  pass(8_000)
  expect(squeeze.accept(its)).toBeUndefined()
  squeeze.serve({ ...table(0), squeeze: undefined })
  expect(squeeze.seen()).toEqual({})
})

test('a gateway that hears nothing more splits evenly by itself, and loses nothing on the way', async () => {
  const [one, two] = [await startUpstream((_, r) => r.end('1')), await startUpstream((_, r) => r.end('2'))]
  const even = tableFor({ a: { weight: 1, ports: [one.port, two.port] } })
  const gateway = await startTestGateway(even)
  try {
    await gateway.until(({ upstreams }) => upstreams.every(({ healthy }) => healthy))
    const squeeze = { instance: 'a/0', share: 0.9, until: Date.now() + 5_000 }
    await gateway.control.apply({ ...even, revision: even.revision + 1, squeeze })
    const ask = async (times: number) => {
      const answers = []
      for (let i = 0; i < times; i++)
        answers.push(await (await fetch(`http://127.0.0.1:${gateway.port}/`)).text())
      return answers.filter((answer) => answer === '1').length / times
    }
    expect(await ask(100)).toBeGreaterThan(0.75)
    const counted = (await gateway.control.seen()).squeeze
    expect(counted).toMatchObject({ inForce: true, squeezed: { lost: 0 }, others: { lost: 0 } })
    expect((counted?.squeezed.answered ?? 0) + (counted?.others.answered ?? 0)).toBe(100)
    await gateway.until((seen) => seen.squeeze?.inForce === false)
    expect(await ask(100)).toBeLessThan(0.75)
    expect((await gateway.control.seen()).counts.a).toMatchObject({ accepted: 200, lost: 0 })
  } finally {
    await gateway.stop()
    await Promise.all([one.close(), two.close()])
  }
})
