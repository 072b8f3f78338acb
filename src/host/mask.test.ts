import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertMaskable, createMask } from './mask.ts'

function maskWhole(secrets: readonly string[], text: string): string {
  const mask = createMask(secrets)
  return Buffer.concat([mask.push(Buffer.from(text)), mask.end()]).toString()
}

function maskPieces(secrets: readonly string[], pieces: readonly string[]): string {
  const mask = createMask(secrets)
  return Buffer.concat([...pieces.map((piece) => mask.push(Buffer.from(piece))), mask.end()]).toString()
}

describe('masking', () => {
  it('hides a secret wherever the bytes are cut', () => {
    const text = 'token=s3cret-value; again s3cret-value.'
    for (let i = 0; i <= text.length; i++)
      for (let j = i; j <= text.length; j++)
        expect(maskPieces(['s3cret-value'], [text.slice(0, i), text.slice(i, j), text.slice(j)])).toBe(
          'token=***; again ***.',
        )
  })

  it('hides the longer of two secrets that begin alike, and the shorter one alone', () => {
    expect(maskWhole(['hunter', 'hunter2000'], 'hunter2000 hunter hunter20')).toBe('*** *** ***20')
    expect(maskPieces(['hunter', 'hunter2000'], ['hunter', '2000'])).toBe('***')
    expect(maskPieces(['hunter', 'hunter2000'], ['hunter', '20', 'x'])).toBe('***20x')
  })

  it('hides the forms in which secrets travel', () => {
    const secret = 'p/ss "word"&more'
    const said = [
      Buffer.from(secret).toString('base64'),
      encodeURIComponent(secret),
      JSON.stringify({ secret }),
    ].join(' ')
    const masked = maskWhole([secret], said)
    expect(masked).not.toContain('ss')
    expect(masked).toContain('{"secret":"***"}')
  })

  // Each as its program prints it, for the secret pa'"s<w/ö&d=42 (~x)!*
  it.each([
    ['xxd -p', '7061272273 3c772fc3b62664 3d343220287e7829212a'.replaceAll(' ', '')],
    ['python3 json.dumps', String.raw`"pa'\"s<w/\u00f6&d=42 (~x)!*"`],
    ['php json_encode', String.raw`"pa'\"s<w\/\u00f6&d=42 (~x)!*"`],
    ['go encoding/json', String.raw`"pa'\"s\u003cw/ö\u0026d=42 (~x)!*"`],
    ['python3 html.escape', 'pa&#x27;&quot;s&lt;w/ö&amp;d=42 (~x)!*'],
    ['go html.EscapeString', 'pa&#39;&#34;s&lt;w/ö&amp;d=42 (~x)!*'],
    ['python3 quote', 'pa%27%22s%3Cw/%C3%B6%26d%3D42%20%28~x%29%21%2A'],
    ['java URLEncoder', 'pa%27%22s%3Cw%2F%C3%B6%26d%3D42+%28%7Ex%29%21*'],
    ['sh quoting', String.raw`'pa'\''"s<w/ö&d=42 (~x)!*'`],
  ])('hides what %s makes of a secret', (_, said) => {
    const masked = maskWhole([`pa'"s<w/ö&d=42 (~x)!*`], `before ${said} after`)
    expect(masked).toMatch(/^before ["']?\*\*\*["']? after$/)
  })

  it('hides base64 in which the secret is only a part, at every place', () => {
    for (const before of ['', 'a', 'ab', 'user:', 'other:'])
      for (const after of ['', 'x', 'xy', ' and more']) {
        const encoded = Buffer.from(`${before}s3cret-value${after}`).toString('base64')
        expect(maskWhole(['s3cret-value'], encoded)).toContain('***')
      }
  })

  it('hides each line of a secret of several lines', () => {
    expect(maskWhole(['-----KEY-----\nabcdefgh\n-----END-----'], '> abcdefgh\n')).toBe('> ***\n')
  })

  it('refuses secrets that are too short to hide', () => {
    expect(() => assertMaskable(['abc'])).toThrow(/shorter than 4/)
    expect(() => assertMaskable(['abcd'])).not.toThrow()
  })

  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 4, maxLength: 8 })
  const cuts = fc.array(fc.nat(60), { maxLength: 8 })

  it('gives the same for every cutting, and never shows a secret', () => {
    fc.assert(
      fc.property(
        fc.array(letters, { minLength: 1, maxLength: 3 }),
        fc.string({ unit: fc.constantFrom('a', 'b', '\n', 'x'), maxLength: 60 }),
        cuts,
        (secrets, text, at) => {
          const sorted = [...new Set(at.map((cut) => Math.min(cut, text.length)))].sort((a, b) => a - b)
          const pieces = [0, ...sorted].map((from, i) => text.slice(from, sorted[i] ?? text.length))
          const masked = maskPieces(secrets, pieces)
          expect(masked).toBe(maskWhole(secrets, text))
          for (const secret of secrets) expect(masked).not.toContain(secret)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('holds back no more than could be the beginning of a secret', () => {
    const mask = createMask(['s3cret-value'])
    expect(mask.push(Buffer.from('nothing to hide')).toString()).toBe('nothing to hide')
    mask.push(Buffer.from('s3cret-valu'))
    expect(mask.held).toBe(11)
    expect(mask.push(Buffer.from('!')).toString()).toBe('s3cret-valu!')
  })
})
