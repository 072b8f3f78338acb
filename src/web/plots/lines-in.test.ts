import { expect, test } from 'vitest'
import { linesIn } from './lines-in.ts'

test('a title is broken between its words', () => {
  expect(linesIn('slower than 20 × p50 (42 ms)', 205)).toEqual(['slower than 20 × p50', '(42 ms)'])
  expect(linesIn('slower than 1 × p50 (4 ms)', 205)).toEqual(['slower than 1 × p50', '(4 ms)'])
  expect(linesIn('failures', 205)).toEqual(['failures'])
})

test('a word that fits nowhere is broken within', () => {
  expect(linesIn('a declined_payments_of_cards', 100)).toEqual(['a', 'declined_p', 'ayments_of', '_cards'])
  expect(linesIn('', 100)).toEqual([])
})
