import { BlockList, isIP } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressText, isWithin, readAddress, readNetwork } from './addresses.ts'

const one = fc.oneof(fc.ipV4(), fc.ipV6())
const odd = fc.string({ unit: fc.constantFrom(...'0125:.af%/[] '.split('')), maxLength: 20 })

test('what Node calls an address is one, and nothing else', () => {
  const isZoned = (text: string) => text.includes('%')
  fc.assert(
    fc.property(fc.oneof(one, odd), (text) => {
      expect(readAddress(text) !== undefined).toBe(isIP(text) !== 0 && !isZoned(text))
    }),
    { numRuns: 2_000 },
  )
})

test('an address is written in one way, and read again as the same', () => {
  fc.assert(
    fc.property(one, (text) => {
      const read = readAddress(text) ?? []
      expect(readAddress(addressText(read))).toEqual(read)
    }),
  )
  const texts = ['::', '::1', '1::', '2001:db8::1', '2001:db8:0:1:1:1:1:1', '1:0:0:2::3', 'fe80::a:0:0:b']
  for (const text of texts) expect(addressText(readAddress(text) ?? [])).toBe(text)
  expect(addressText(readAddress('::FFFF:10.0.0.1') ?? [])).toBe('10.0.0.1')
  expect(addressText(readAddress('2001:DB8:0:0:1:0:0:1') ?? [])).toBe('2001:db8::1:0:0:1')
})

test('an address is in a network when Node says so', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, start, bits) => {
      const mask = bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0
      const number = start.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
      const base = (number & mask) >>> 0
      const text = [24, 16, 8, 0].map((shift) => (base >>> shift) & 255).join('.')
      const list = new BlockList()
      list.addSubnet(text, bits)
      const network = readNetwork(`${text}/${bits}`)
      expect(network && isWithin(readAddress(address) ?? [], network)).toBe(list.check(address))
      expect(network && isWithin(network.start, network)).toBe(true)
    }),
  )
})

test.each([
  ['10.0.0.0/8', '10.255.0.1', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['10.0.0.0/8', '::ffff:10.1.1.1', true],
  ['::ffff:10.0.0.0/104', '10.9.9.9', true],
  ['2001:db8::/33', '2001:db8:7fff::1', true],
  ['2001:db8::/33', '2001:db8:8000::1', false],
  ['::1', '::1', true],
  ['::1', '127.0.0.1', false],
  ['127.0.0.1', '127.0.0.1', true],
])('%s and %s: %s', (network, address, isInside) => {
  const read = readNetwork(network)
  expect(read && isWithin(readAddress(address) ?? [], read)).toBe(isInside)
})

test.each([
  '10.0.0.1/8',
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '010.0.0.0/8',
  '10.0/8',
  'any',
  '::/129',
  '10.0.0.0/-1',
  '10.0.0.0/+8',
])('%s is no network', (text) => expect(readNetwork(text)).toBeUndefined())
