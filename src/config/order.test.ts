import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findCycles, orderEnvironments, orderNames } from './order.ts'

const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges))

describe('findCycles', () => {
  test.each([
    [{ a: [] }, []],
    [{ a: ['a'] }, [['a', 'a']]],
    [{ a: ['b'], b: ['c'], c: ['a'] }, [['a', 'b', 'c', 'a']]],
    [{ a: ['b'], b: ['c'], c: ['b'] }, [['b', 'c', 'b']]],
    [{ a: ['gone'] }, []],
    [{ d: ['b', 'c'], b: ['a'], c: ['a'], a: [] }, []],
  ])('%j', (edges, cycles) => {
    expect(findCycles(graph(edges as Record<string, string[]>))).toEqual(cycles)
  })
})

const names = ['a', 'b', 'c', 'd', 'e', 'f']
const anyGraph = fc.dictionary(
  fc.constantFrom(...names),
  fc.array(fc.constantFrom(...names), { maxLength: 3 }),
)

describe('orderNames', () => {
  test('keeps the written order where nothing asks for another', () => {
    expect(orderNames(graph({ c: [], a: [], b: ['a'] }))).toEqual(['c', 'a', 'b'])
  })

  test('puts every name after what it waits for, unless the graph has a circle', () => {
    fc.assert(
      fc.property(anyGraph, (edges) => {
        const order = orderNames(graph(edges))
        expect([...order].sort()).toEqual(Object.keys(edges).sort())
        if (findCycles(graph(edges)).length > 0) return
        for (const [name, befores] of Object.entries(edges))
          for (const before of befores)
            if (before in edges) expect(order.indexOf(before)).toBeLessThan(order.indexOf(name))
      }),
    )
  })
})

test('environments are ordered as releases travel', () => {
  expect(
    orderEnvironments({ production: { after: 'staging' }, staging: { after: 'test' }, test: {} }),
  ).toEqual(['test', 'staging', 'production'])
})
