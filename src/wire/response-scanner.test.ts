import { describe, expect, it } from 'vitest'
import { ResponseScanner } from './response-scanner.ts'

describe('a body without an end', () => {
  const head = Buffer.from('HTTP/1.1 200 OK\r\n\r\n')
  const piece = Buffer.alloc(1 << 20)

  it('is kept up to a limit, and fails beyond it', () => {
    const scanner = new ResponseScanner()
    scanner.begin(false, true)
    scanner.push(head, head.length)
    for (let i = 0; i < 64; i++) expect(scanner.push(piece, piece.length)).toBe('more')
    expect(scanner.push(piece, 1)).toBe('failed')
    expect(scanner.error).toBe('a body of more than 64 MiB')
  })

  it('is only counted when it is not wanted', () => {
    const scanner = new ResponseScanner()
    scanner.begin(false, false)
    scanner.push(head, head.length)
    for (let i = 0; i < 80; i++) scanner.push(piece, piece.length)
    expect([scanner.end(), scanner.bodyBytes]).toEqual(['done', 80 << 20])
  })
})

/** Reads one answer that comes in one piece. */
function read(text: string, { isHead = false, keep = true } = {}) {
  const scanner = new ResponseScanner()
  scanner.begin(isHead, keep)
  const bytes = Buffer.from(text, 'latin1')
  const is = scanner.push(bytes, bytes.length)
  return { is, scanner, body: scanner.body().toString() }
}

describe('a head that was read before', () => {
  const head =
    'HTTP/1.1 200 OK\r\nX-A:\t1 \r\nSet-Cookie: a=1, b\r\nset-cookie: c=2\r\nContent-Length: 3\r\n\r\n'

  it('says the same of another body', () => {
    const [first, second] = [read(`${head}one`), read(`${head}two`)]
    expect([first.is, first.body, second.is, second.body]).toEqual(['done', 'one', 'done', 'two'])
    expect(second.scanner.head).toBe(first.scanner.head)
    expect([...(second.scanner.head?.headers ?? [])]).toEqual([
      ['x-a', '1'],
      ['set-cookie', 'a=1, b, c=2'],
      ['content-length', '3'],
    ])
    expect(second.scanner.head?.setCookies).toEqual(['a=1, b', 'c=2'])
  })

  it('is another with one byte changed, wherever that is', () => {
    read(`${head}one`)
    for (let at = 9; at < head.length; at++) {
      const changed = `${head.slice(0, at)}\0${head.slice(at + 1)}`
      expect([at, read(`${changed}one`).is]).toEqual([at, at > 12 && at < 15 ? 'done' : 'failed'])
    }
  })

  it('is not there before its last byte is', () => {
    read(`${head}one`)
    const { scanner, is } = read(head.slice(0, -1))
    expect([is, scanner.head, scanner.push(Buffer.from('\none'), 4)]).toEqual(['more', undefined, 'done'])
  })

  it('has no body when that was not asked for', () => {
    read(`${head}one`)
    expect(read(head, { isHead: true })).toMatchObject({ is: 'done', body: '' })
    expect(read(`${head}one`, { keep: false })).toMatchObject({ is: 'done', body: '' })
    expect(read(`${head}one`, { isHead: true }).is).toBe('failed')
  })

  it('leads to the final answer when it is an interim one', () => {
    const interim = 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n'
    for (let n = 0; n < 3; n++) {
      const { is, scanner, body } = read(`${interim}${head}one`)
      expect([is, scanner.status, scanner.head?.headers.has('link'), body]).toEqual([
        'done',
        200,
        false,
        'one',
      ])
    }
  })
})
