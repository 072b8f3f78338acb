import { describe, expect, it } from 'vitest'
import { parseRequestList } from './request-list.ts'
import { namesOf } from './request-names.ts'

describe('a list of requests', () => {
  it('has one address a line, with its method or without, and comments', () => {
    const text = [
      '\uFEFF# what people look at',
      'http://127.0.0.1:8080/#top',
      '',
      '  post\thttps://example.org/pay?card=1   # pays',
      'DELETE /payments/1\r',
    ].join('\n')
    expect(parseRequestList(text, 'urls.txt', 'http://127.0.0.1:8080/api/')).toEqual({
      requests: [
        { url: 'http://127.0.0.1:8080/#top' },
        { method: 'POST', url: 'https://example.org/pay?card=1' },
        { method: 'DELETE', url: 'http://127.0.0.1:8080/payments/1' },
      ],
      problems: [],
    })
  })

  it('tells all that cannot be read at once, with its line and what was probably meant', () => {
    const text = ['localhost:8080/x', 'GTE /x', 'http://[/', 'PURGE http://x/', 'GET http://x/ now'].join(
      '\n',
    )
    const { requests, problems } = parseRequestList(text, 'urls.txt')
    expect(requests).toEqual([{ method: 'PURGE', url: 'http://x/' }])
    expect(problems.map(({ place, at, didYouMean }) => [place, at, didYouMean])).toEqual([
      ['urls.txt:1', 'localhost:8080/x', 'http://localhost:8080/x'],
      ['urls.txt:2', 'GTE', 'GET'],
      ['urls.txt:2', '/x', undefined],
      ['urls.txt:3', 'http://[/', undefined],
      ['urls.txt:5', 'GET http://x/ now', undefined],
    ])
  })

  it('without any address is refused', () => {
    expect(parseRequestList('# nothing yet\n', 'urls.txt').problems).toEqual([
      { place: 'urls.txt', text: 'urls.txt lists no address' },
    ])
  })
})

describe('names of requests', () => {
  it('have the host only where two hosts would have the same', () => {
    const get = (url: string) => ({ method: 'GET', url })
    expect(
      namesOf([
        get('http://a:1/x?page=1'),
        get('http://a:1/x?page=2'),
        get('http://a:1/y'),
        get('http://b/y'),
        { method: 'POST', url: 'http://b/y' },
      ]),
    ).toEqual(['GET /x', 'GET /x', 'GET a:1/y', 'GET b/y', 'POST /y'])
  })
})
