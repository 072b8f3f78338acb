import { expect, it } from 'vitest'
import { oneLine, plainLines } from './plain-text.ts'

it.each([
  ['plain “text” stays – 支払い', 'plain “text” stays – 支払い'],
  ['\u001b]0;all is well\u0007red \u001b[31malert\u001b[0m', 'red alert'],
  ['clears \u001b[2J\u001b[H the screen', 'clears the screen'],
  ['a\r\nb\tc\u0000d\u009b31m', 'a b c d 31m'],
  ['never ends \u001b]0;title', 'never ends '],
  ['pay \u202eresrever\u202c', 'pay resrever'],
])('%j on one line is %j', (text, plain) => {
  expect(oneLine(text)).toBe(plain)
})

it('keeps the lines of a text that has some', () => {
  expect(plainLines('\u001b[31m- 1\r\n+ 2\u001b[39m\n\ttab\u0007')).toBe('- 1\n+ 2\n\ttab')
})
