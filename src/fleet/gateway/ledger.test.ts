import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLedger, type Entry } from './ledger.ts'

const lostAt = (at: number) => ({ at, instance: 'a/0', method: 'GET', path: '/', because: 'broken' })

test('accepted = answered + lost + abandoned + in flight, whatever happens and however often', () => {
  const happening = fc.tuple(
    fc.constantFrom('accept', 'answered', 'lost', 'abandoned', 'retried'),
    fc.nat({ max: 9 }),
  )
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const ledger = createLedger()
      const open: Entry[] = []
      for (const [what, which] of happenings) {
        const entry = open[which % Math.max(1, open.length)]
        if (what === 'accept') open.push(ledger.accept(which % 2 ? 'a' : 'b'))
        else if (what === 'answered') entry?.answered(200 + 100 * (which % 4), which)
        else if (what === 'lost') entry?.lost(lostAt(which))
        else entry?.[what]()
        for (const counts of Object.values(ledger.seen().counts)) {
          expect(counts.inFlight).toBeGreaterThanOrEqual(0)
          expect(counts.accepted).toBe(counts.answered + counts.lost + counts.abandoned + counts.inFlight)
          const classes = Object.values(counts.byClass).reduce((sum, count) => sum + count, 0)
          expect(classes).toBe(counts.answered)
        }
      }
      const accepted = Object.values(ledger.seen().counts).reduce((sum, counts) => sum + counts.accepted, 0)
      expect(accepted).toBe(open.length)
    }),
  )
})

test('only the first end counts', () => {
  const ledger = createLedger()
  const entry = ledger.accept('a')
  entry.answered(204, 3)
  entry.lost(lostAt(1))
  entry.abandoned()
  expect(ledger.seen().counts.a).toMatchObject({
    accepted: 1,
    answered: 1,
    lost: 0,
    abandoned: 0,
    inFlight: 0,
  })
  expect(ledger.seen().lost).toEqual([])
})

test('the last hundred lost requests are kept', () => {
  const ledger = createLedger()
  for (let at = 1; at <= 250; at++) ledger.accept('a').lost(lostAt(at))
  const { lost, counts } = ledger.seen()
  expect(lost).toHaveLength(100)
  expect([lost[0]?.at, lost.at(-1)?.at]).toEqual([151, 250])
  expect(counts.a?.lost).toBe(250)
})

test('old fleets are forgotten, those with requests in flight are not', () => {
  const ledger = createLedger()
  ledger.accept('busy')
  for (let i = 0; i < 200; i++) ledger.accept(`fleet-${i}`).answered(200, 1)
  const fleets = Object.keys(ledger.seen().counts)
  expect(fleets.length).toBeLessThan(100)
  expect(fleets).toContain('busy')
  expect(fleets).toContain('fleet-199')
})
