import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../kernel/random.ts'
import { choose, fleetAt, type Standing } from './choose.ts'
import { newPin, pinHeaders, pinIn, pinName, placeOf, withoutPin } from './pins.ts'

const shares = (live: number, canary: number) => [
  { fleet: 'live', weight: live },
  { fleet: 'canary', weight: canary },
]
const place = fc.nat({ max: 2 ** 32 - 1 }).map((n) => n / 2 ** 32)
const weight = fc.integer({ min: 0, max: 1_000 })

describe('where a client stands', () => {
  test('raising the share moves clients from live to canary only, lowering it back only', () => {
    const weights = fc.tuple(weight, weight).filter(([live, canary]) => live + canary > 0)
    fc.assert(
      fc.property(place, weights, weights, (at, before, after) => {
        const from = fleetAt(shares(...before), at)
        const to = fleetAt(shares(...after), at)
        const rises = after[1] / (after[0] + after[1]) >= before[1] / (before[0] + before[1])
        if (rises && from === 'canary') expect(to).toBe('canary')
        if (!rises && from === 'live') expect(to).toBe('live')
      }),
    )
  })

  test('a rollback moves all back, and a fleet without weight has nobody', () => {
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 100 }), (at, live) => {
        expect(fleetAt(shares(live, 0), at)).toBe('live')
        expect(fleetAt(shares(0, live), at)).toBe('canary')
      }),
    )
  })

  test('the share of clients is what was asked, for every newest fleet anew', () => {
    const pins = Array.from({ length: 20_000 }, newPin)
    const inCanary = (newest: string) => pins.filter((pin) => placeOf(pin, newest) >= 0.95)
    const [one, two] = [inCanary('shop.production.1'), inCanary('shop.production.2')]
    // Five standard deviations of 20,000 draws at 5 %.
    for (const { length } of [one, two]) expect(Math.abs(length - 1_000)).toBeLessThan(5 * 31)
    const both = one.filter((pin) => two.includes(pin)).length
    expect(Math.abs(both - 50)).toBeLessThan(5 * 7.1)
  })

  test('a pinned client goes to the other fleet only while its own cannot take requests', () => {
    const upstream = (fleet: string, standing: Standing) => ({
      ...{
        fleet,
        instance: `${fleet}/0`,
        standing,
        weight: fleet === 'live' ? 95 : 5,
        serving: true,
        inFlight: 0,
        blamed: 0,
        ejected: false,
      },
    })
    const draw = (canary: Standing) =>
      choose([upstream('canary', canary), upstream('live', 'healthy')], false, seededRandom(1), {
        pinned: { shares: shares(95, 5), place: 0.97 },
      })?.fleet
    expect(draw('healthy')).toBe('canary')
    expect(draw('failing')).toBe('live')
    expect(draw('unreachable')).toBe('live')
  })
})

describe('the cookie', () => {
  const name = pinName('payments/production')

  test('its name is one word, and another one for every environment', () => {
    expect(name).toBe('plimsoll-pin-payments~2f~production')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(pinName(a)).toMatch(/^[\w.~-]+$/)
        expect(pinName(a) === pinName(b)).toBe(a === b)
      }),
    )
  })

  test.each([
    ['a=1; NAME=abcdefghij_-; b=2', 'abcdefghij_-', 'a=1; b=2'],
    ['NAME=abcdefghijkl', 'abcdefghijkl', ''],
    ['NAME=short; NAME=abcdefghijkl', 'abcdefghijkl', ''],
    ['NAME=abcdefghijklm', undefined, ''],
    ['NAME="abcdefghijkl"', undefined, ''],
    ['NAME', undefined, ''],
    ['NAMES=abcdefghijkl;x=NAME=abcdefghijkl', undefined, 'NAMES=abcdefghijkl;x=NAME=abcdefghijkl'],
    ['a="x  y";;NAME=0', undefined, 'a="x  y";'],
  ])('%s', (text, pin, rest) => {
    const cookies = text.replaceAll('NAME', name)
    expect(pinIn(cookies, name)).toBe(pin)
    expect(withoutPin(cookies, name)).toBe(rest.replaceAll('NAME', name))
  })

  test('what is found is a pin, and nothing of it is left, whatever was sent', () => {
    const part = fc.oneof(fc.constant(name), fc.constant('='), fc.constant('; '), fc.string())
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const cookies = parts.join('')
        expect(pinIn(cookies, name) ?? newPin()).toMatch(/^[\w-]{12}$/)
        expect(pinIn(withoutPin(cookies, name), name)).toBeUndefined()
      }),
    )
  })
})

test.each([
  [{}, 'private'],
  [{ 'cache-control': 'no-cache' }, 'private'],
  [{ 'cache-control': 'max-age=0, must-revalidate' }, 'private'],
  [{ 'cache-control': 'private="set-cookie"' }, 'private'],
  [{ 'cache-control': 'no-store' }, 'as it is'],
  [{ 'cache-control': 'Private, max-age=60' }, 'as it is'],
  [{ 'cache-control': 'public' }, 'no cookie'],
  [{ 'cache-control': 'max-age=60' }, 'no cookie'],
  [{ 'cache-control': 'no-cache, s-maxage=5' }, 'no cookie'],
  [{ expires: 'Thu, 01 Jan 2037 00:00:00 GMT' }, 'no cookie'],
])('an answer with %j gets its pin so that no cache hands it on: %s', (headers, what) => {
  const given = pinHeaders('pin', 'abcdefghijkl', headers, false)
  const cookie = ['Set-Cookie', 'pin=abcdefghijkl; Path=/; HttpOnly; SameSite=Lax']
  if (what === 'no cookie') expect(given).toEqual([])
  else expect(given).toEqual(what === 'private' ? [...cookie, 'Cache-Control', 'private'] : cookie)
})
