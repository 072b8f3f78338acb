import { expect, it } from 'vitest'
import { blindness } from '../alerts/firing.ts'
import type { Burning } from '../alerts/state.ts'
import { heardOf } from './looks.ts'

const burns = (slo: string): Burning => ({ slo, window: '1h', severity: 'page', text: `${slo} burns` })
const [a, b, blind] = [burns('a'), burns('b'), blindness('5m')]

it.each([
  [
    'all is known',
    [
      { slo: 'a', burning: [a] },
      { slo: 'b', burning: [] },
    ],
    [blind],
    [a],
  ],
  ['nothing is known', [{ slo: 'a' }, { slo: 'b' }], [a], undefined],
  [
    'something is not known, and nothing is new',
    [{ slo: 'a', burning: [a] }, { slo: 'b' }],
    [a, b],
    undefined,
  ],
  ['something is not known, and another fires', [{ slo: 'a', burning: [a] }, { slo: 'b' }], [], [a]],
  ['something is not known that fires', [{ slo: 'a', burning: [] }, { slo: 'b' }], [a, b, blind], [b, blind]],
])('when %s', (_, looks, known, heard) => expect(heardOf(looks, known)).toEqual(heard))
