import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readNetwork } from './addresses.ts'
import { readForwarded } from './forwarded.ts'
import { originLines, Proxies, type Said } from './forwarding.ts'

const networks = ['10.0.0.0/8', 'fd00::/8'].flatMap((text) => readNetwork(text) ?? [])
const chain = new Proxies(networks, 'x-forwarded-for')
const forwarded = new Proxies(networks, 'forwarded')
const hops = (said: Said, peer: string, proxies = chain) => proxies.origin(said, peer).hops

test.each([
  ['8.8.8.8', undefined, ['8.8.8.8']],
  ['8.8.8.8', '1.1.1.1', ['8.8.8.8']],
  ['10.0.0.1', undefined, ['10.0.0.1']],
  ['10.0.0.1', '1.1.1.1', ['1.1.1.1', '10.0.0.1']],
  ['::ffff:10.0.0.1', '1.1.1.1', ['1.1.1.1', '10.0.0.1']],
  // What the client wrote before its own address is its word, and is cut off.
  ['10.0.0.1', '6.6.6.6, 1.1.1.1', ['1.1.1.1', '10.0.0.1']],
  ['10.0.0.1', '6.6.6.6, 10.9.9.9, 1.1.1.1, 10.0.0.2', ['1.1.1.1', '10.0.0.2', '10.0.0.1']],
  ['10.0.0.1', '10.0.0.3,10.0.0.2', ['10.0.0.3', '10.0.0.2', '10.0.0.1']],
  ['fd00::1', '2001:DB8::0:1', ['2001:db8::1', 'fd00::1']],
  ['fd00::1%eth0', '[2001:db8::1]:443', ['2001:db8::1', 'fd00::1']],
  ['10.0.0.1', '1.1.1.1:5000', ['1.1.1.1', '10.0.0.1']],
  // What is no address is nobody: whoever said it is the last that is known.
  ['10.0.0.1', '1.1.1.1, unknown', ['10.0.0.1']],
  ['10.0.0.1', '1.1.1.1, unknown, 10.0.0.2', ['10.0.0.2', '10.0.0.1']],
  ['10.0.0.1', '1.1.1.1,', ['10.0.0.1']],
  ['10.0.0.1', '01.1.1.1', ['10.0.0.1']],
  ['10.0.0.1', '1.1.1.1 2.2.2.2', ['10.0.0.1']],
  ['10.0.0.1', '2001:db8::1%eth0', ['10.0.0.1']],
  ['10.0.0.1', '[1.1.1.1]', ['10.0.0.1']],
  ['10.0.0.1', '127.1', ['10.0.0.1']],
  ['', '1.1.1.1', ['unknown']],
])('from %s with X-Forwarded-For: %s it came through %j', (peer, xff, expected) => {
  expect(hops({ 'x-forwarded-for': xff }, peer)).toEqual(expected)
})

test('nobody can put an address behind that of whom the last trusted proxy saw', () => {
  const forged = fc.string({ unit: fc.constantFrom(...'10.8,:[] "unkow;='.split('')), maxLength: 40 })
  fc.assert(
    fc.property(forged, (text) => {
      expect(hops({ 'x-forwarded-for': `${text}, 81.2.69.142` }, '10.0.0.1')).toEqual([
        '81.2.69.142',
        '10.0.0.1',
      ])
      expect(hops({ forwarded: `${text}, for=81.2.69.142` }, '10.0.0.1', forwarded)).toEqual(
        readForwarded(`${text}, for=81.2.69.142`) ? ['81.2.69.142', '10.0.0.1'] : ['10.0.0.1'],
      )
    }),
  )
})

test('more proxies than there are in front of each other are not followed', () => {
  const many = Array.from({ length: 1_000 }, () => '10.1.1.1').join(',')
  expect(hops({ 'x-forwarded-for': many }, '10.0.0.1')).toHaveLength(16)
})

test.each([
  ['10.0.0.1', 'https', 'https'],
  ['10.0.0.1', 'HTTPS, https', 'https'],
  ['10.0.0.1', 'https, http', 'http'],
  ['10.0.0.1', 'javascript', 'http'],
  ['10.0.0.1', undefined, 'http'],
  ['8.8.8.8', 'https', 'http'],
])('from %s with X-Forwarded-Proto: %s it is %s', (peer, proto, expected) => {
  expect(chain.origin({ 'x-forwarded-proto': proto }, peer).proto).toBe(expected)
})

test.each([
  ['10.0.0.1', 'shop.test', 'shop.test'],
  ['10.0.0.1', 'shop.test, evil.test', 'own.test'],
  ['10.0.0.1', 'user@evil.test', 'own.test'],
  ['10.0.0.1', '', 'own.test'],
  ['8.8.8.8', 'evil.test', 'own.test'],
])('from %s with X-Forwarded-Host: %s it asked %s', (peer, host, expected) => {
  expect(chain.origin({ 'x-forwarded-host': host, host: 'own.test' }, peer).host).toBe(expected)
})

test('only the header that proxies are said to write is believed', () => {
  const both = { 'x-forwarded-for': '1.1.1.1', forwarded: 'for=2.2.2.2' }
  expect(hops(both, '10.0.0.1')).toEqual(['1.1.1.1', '10.0.0.1'])
  expect(hops(both, '10.0.0.1', forwarded)).toEqual(['2.2.2.2', '10.0.0.1'])
})

test.each([
  ['for=1.1.1.1;proto=https;host=shop.test', ['1.1.1.1', '10.0.0.1'], 'https', 'shop.test'],
  [
    'For="[2001:db8::1]:47";By=10.0.0.7 , for=10.0.0.2',
    ['2001:db8::1', '10.0.0.2', '10.0.0.1'],
    'http',
    'own',
  ],
  ['for=6.6.6.6;proto=https, for=1.1.1.1', ['1.1.1.1', '10.0.0.1'], 'http', 'own'],
  ['for=_hidden;proto=https', ['10.0.0.1'], 'https', 'own'],
  ['for="2001:db8::1"', ['10.0.0.1'], 'http', 'own'],
  ['for=1.1.1.1;for=2.2.2.2', ['10.0.0.1'], 'http', 'own'],
  ['for="1.1.1.1', ['10.0.0.1'], 'http', 'own'],
  ['for=1.1.1.1,', ['10.0.0.1'], 'http', 'own'],
  ['for = 1.1.1.1', ['10.0.0.1'], 'http', 'own'],
  ['for=6.6.6.6, x="a\\", for=7.7.7.7;y=", for=1.1.1.1', ['1.1.1.1', '10.0.0.1'], 'http', 'own'],
])('Forwarded: %s came through %j', (value, through, proto, host) => {
  const origin = forwarded.origin({ forwarded: value, host: 'own' }, '10.0.0.1')
  expect(origin).toEqual({ hops: through, proto, host, isTrusted: true })
})

test('it is passed on in both ways where services may read either', () => {
  const origin = { hops: ['2001:db8::1', '10.0.0.1'], proto: 'https', host: 'a:80', isTrusted: true } as const
  expect(originLines(origin, 'x-forwarded-for')).toBe(
    'X-Forwarded-For: 2001:db8::1, 10.0.0.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: a:80\r\n',
  )
  expect(originLines(origin, 'forwarded')).toContain(
    '\r\nForwarded: for="[2001:db8::1]";proto=https;host="a:80", for=10.0.0.1\r\n',
  )
})
