import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson, type Json, sameJson } from './json.ts'

const anyJson = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>

describe('two values', () => {
  it('are the same where they are written the same', () => {
    fc.assert(
      fc.property(anyJson, anyJson, (a, b) => {
        expect(sameJson(a, b)).toBe(canonicalJson(a) === canonicalJson(b))
        expect(sameJson(a, JSON.parse(canonicalJson(a)))).toBe(true)
      }),
    )
  })

  it.each<[unknown, unknown, boolean]>([
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: undefined }, { b: undefined }, true],
    [{ a: undefined, b: 1 }, { a: 1, b: undefined }, false],
    [{ a: null }, {}, false],
    [undefined, null, true],
    [[1, undefined], [1, null], true],
    [[], {}, false],
    [[1, 2], [2, 1], false],
    [0, -0, true],
    ['1', 1, false],
  ])('%j and %j: %s', (a, b, same) => {
    expect(sameJson(a, b)).toBe(same)
    expect(canonicalJson(a as Json) === canonicalJson(b as Json)).toBe(same)
  })
})
