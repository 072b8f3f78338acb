import { expect, it } from 'vitest'
import { chanceOfAtLeast } from '../slo/tail.ts'
import { unlikely } from './chance.ts'

/** The expression as JavaScript: of PromQL it uses two functions and arithmetic. */
function holds(share: number, chance: number): (bad: number, total: number) => boolean {
  const expression = unlikely('bad', 'total', share, chance) ?? 'true'
  const script = expression.replaceAll('clamp_min', 'Math.max').replaceAll('ln(', 'Math.log(')
  return new Function('bad', 'total', `return ${script}`) as (bad: number, total: number) => boolean
}

/** The fewest bad events, above what is allowed, that something holds for. */
function fewest(total: number, share: number, isSo: (bad: number) => boolean): number {
  let bad = Math.floor(total * share) + 1
  while (!isSo(bad)) bad++
  return bad
}

const shares = [0.00134, 0.0056, 0.028, 0.0134, 0.134, 0.56]
const cases = [20, 60, 300, 2_000, 50_000].flatMap((total) => shares.map((share) => ({ total, share })))

it.each(cases)('agrees with the exact chance to an event: $total at $share', ({ total, share }) => {
  for (const chance of [0.001, 0.01, 0.05]) {
    const rule = holds(share, chance)
    const exact = fewest(total, share, (bad) => chanceOfAtLeast(bad, total, share) < chance)
    const written = fewest(total, share, (bad) => rule(bad, total))
    expect(Math.abs(written - exact)).toBeLessThanOrEqual(1)
  }
})

it('holds when everything is bad, and more than everything by a scrape', () => {
  const rule = holds(0.0134, 0.01)
  expect(rule(60, 60)).toBe(true)
  expect(rule(61, 60)).toBe(true)
})

it('is left out where chance is none of the matter', () => {
  expect(unlikely('bad', 'total', 0.01, 1)).toBeUndefined()
})
