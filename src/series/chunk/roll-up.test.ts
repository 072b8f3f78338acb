import fc from 'fast-check'
import { expect, it } from 'vitest'
import { samplesOf, setEndAt } from '../query/samples.ts'
import { Damaged } from './bytes.ts'
import { hourMs, minutesMs, slotBegin } from './grid.ts'
import { decodeRollUp, encodeRollUp, hoursOf, rollUp } from './roll-up.ts'

const slot = 240_000
const value = fc.oneof(fc.integer({ min: -50, max: 50 }), fc.double(), fc.constant('ended' as const))
/** Some values some seconds from each other, within two hours. */
const said = fc.array(fc.tuple(fc.integer({ min: 1, max: 90_000 }), value), { minLength: 1, maxLength: 80 })

function made(all: readonly (readonly [number, number | 'ended'])[]) {
  const samples = samplesOf(new Float64Array(all.length), new Float64Array(all.length))
  let at = slotBegin(slot)
  all.forEach(([apart, its], i) => {
    at += apart
    samples.times[i] = at
    if (its === 'ended') setEndAt(samples.words, i)
    else samples.values[i] = its
  })
  return samples
}

it('is read as it was written', () => {
  fc.assert(
    fc.property(said, (all) => {
      const minutes = rollUp(made(all), slot)
      const hours = hoursOf(minutes)
      expect(decodeRollUp(encodeRollUp(minutes, slot), slot, minutesMs)).toEqual(minutes)
      expect(decodeRollUp(encodeRollUp(hours, slot), slot, hourMs)).toEqual(hours)
    }),
    { numRuns: 500 },
  )
})

it('throws nothing but that it is damaged, whatever the bytes are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        decodeRollUp(bytes, slot, minutesMs)
      } catch (error) {
        expect(error).toBeInstanceOf(Damaged)
      }
    }),
    { numRuns: 1_000 },
  )
})
