import { describe, expect, it } from 'vitest'
import { CookieJar } from './cookies.ts'

const jarOf = (...lines: string[]): CookieJar => {
  const jar = new CookieJar()
  jar.take('shop.example.org', '/account/login?next=1', lines, 1_000)
  return jar
}

describe('cookies', () => {
  it('come back to the host that set them, below the folder in which they were set', () => {
    const jar = jarOf('a=1')
    expect(jar.of('shop.example.org', '/account/orders?x', false, 1_000)).toBe('a=1')
    expect(jar.of('shop.example.org', '/account', false, 1_000)).toBe('a=1')
    expect(jar.of('shop.example.org', '/accounts', false, 1_000)).toBeUndefined()
    expect(jar.of('example.org', '/account', false, 1_000)).toBeUndefined()
    expect(jar.of('www.shop.example.org', '/account', false, 1_000)).toBeUndefined()
  })

  it('of a domain come back to all of its hosts, and are set by its own only', () => {
    const jar = jarOf('a=1; Domain=.Example.org; Path=/', 'b=2; Domain=other.org; Path=/')
    expect(jar.of('pay.example.org', '/', false, 1_000)).toBe('a=1')
    expect(jar.of('badexample.org', '/', false, 1_000)).toBeUndefined()
    expect(jar.of('other.org', '/', false, 1_000)).toBeUndefined()
  })

  it('that are secure are sent over TLS only', () => {
    const jar = jarOf('a=b=c; Secure; Path=/')
    expect(jar.of('shop.example.org', '/', false, 1_000)).toBeUndefined()
    expect(jar.of('shop.example.org', '/', true, 1_000)).toBe('a=b=c')
  })

  it('end when they say, and are taken back by one that has ended', () => {
    const jar = jarOf('a=1; Path=/; Max-Age=2', 'b=2; Path=/; Expires=Thu, 01 Jan 1970 00:00:10 GMT')
    expect(jar.of('shop.example.org', '/', false, 2_999)).toBe('a=1; b=2')
    expect(jar.of('shop.example.org', '/', false, 3_000)).toBe('b=2')
    expect(jar.of('shop.example.org', '/', false, 10_000)).toBeUndefined()
    jar.take('shop.example.org', '/', ['b=; Path=/; Max-Age=0'], 3_000)
    expect(jar.of('shop.example.org', '/', false, 3_000)).toBeUndefined()
  })

  it('with longer paths go first, and nothing is set without a name', () => {
    const jar = jarOf('a=1; Path=/', 'a=2; Path=/account', '=3', 'nothing')
    expect(jar.of('shop.example.org', '/account', false, 1_000)).toBe('a=2; a=1')
  })
})
