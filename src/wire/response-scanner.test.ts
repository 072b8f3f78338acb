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
