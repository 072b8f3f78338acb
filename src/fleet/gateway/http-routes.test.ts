import { describe, expect, it } from 'vitest'
import { createHttpRoutes } from './http-routes.ts'
import { createRouteBook } from './route-book.ts'

const routes = createHttpRoutes([
  '/',
  '/payments',
  '/payments/:id',
  '/payments/latest',
  '/payments/:id/refunds/:refund',
  '/static/*',
])
const nameOf = (url: string) => routes?.names[routes.find(url)]

describe('routes', () => {
  it.each([
    ['/', '/'],
    ['/?next=/payments', '/'],
    ['/payments', '/payments'],
    ['/payments?card=4242424242424242', '/payments'],
    ['/payments/17', '/payments/:id'],
    ['/payments/17?x=/refunds/3', '/payments/:id'],
    ['/payments/latest', '/payments/latest'],
    // What stands there literally may still be the value of a name further on.
    ['/payments/latest/refunds/3', '/payments/:id/refunds/:refund'],
    ['/static/', '/static/*'],
    ['/static/css/page.css', '/static/*'],
    ['/static', 'other'],
    ['/payments/', 'other'],
    ['/payments/17/refunds', 'other'],
    ['/payments/17/refunds/3/more', 'other'],
    ['/cards/4242424242424242', 'other'],
    ['//payments', 'other'],
    ['http://pay.example.org/payments', 'other'],
    ['*', 'other'],
    ['', 'other'],
    ['/__proto__', 'other'],
  ])('%s is %s', (url, route) => {
    expect(nameOf(url)).toBe(route)
  })

  it('are nothing when none are given', () => {
    expect(createHttpRoutes([])).toBeUndefined()
  })
})

describe('the book of routes', () => {
  it('counts each request under its template, and never says a path', () => {
    const book = createRouteBook()
    book.answered('f', '/payments/1', 200, 3)
    expect(book.seen()).toEqual({})
    book.serve(['/payments/:id'], [5, 10])
    book.answered('f', '/payments/1', 200, 3)
    book.answered('f', '/payments/2', 503, 7)
    book.answered('f', '/payments/3', 200, 70)
    book.lost('f', '/payments/4')
    book.abandoned('f', '/cards/4242424242424242')
    const { routes: { f = [] } = {} } = book.seen()
    expect(f).toEqual([
      {
        route: '/payments/:id',
        byClass: { '1': 0, '2': 2, '3': 0, '4': 0, '5': 1 },
        lost: 1,
        abandoned: 0,
        latency: { upperMs: [5, 10], counts: [1, 1, 1] },
        sumMs: 80,
      },
      expect.objectContaining({ route: 'other', abandoned: 1 }),
    ])
    expect(JSON.stringify(book.seen())).not.toContain('4242')
  })

  it('goes on counting when the same routes are served again, and begins anew with others', () => {
    const book = createRouteBook()
    book.serve(['/a'], [5])
    book.answered('f', '/a', 200, 1)
    book.serve(['/a'], [5])
    expect(book.seen().routes?.f?.[0]?.byClass['2']).toBe(1)
    book.serve(['/a', '/b'], [5])
    expect(book.seen().routes).toEqual({})
    book.serve([], [])
    expect(book.seen()).toEqual({})
  })
})
