import { expect, it } from 'vitest'
import { chanceSentence, requestsText, splitText, watchedText } from './judge-words.ts'

it('says how likely chance is, against how likely it may be', () => {
  expect(chanceSentence({ p: 0.4, alpha: 0.001 })).toBe(
    'Were it as good as the live version, the chance that it ever looks so bad would be at most 40 % (p = 0.4). It fails at 0.1 % (α): at most one in 1,000 good releases is undone by mistake.',
  )
  expect(chanceSentence({ p: 0.00002, alpha: 0.001 })).toContain(
    'looks so bad would be less than 0.1 % (p < 0.001). It fails at 0.1 %',
  )
  expect(chanceSentence({ p: 1, alpha: 0.01 })).toBe(
    'Nothing speaks against it (p = 1). It fails at 1 % (α): at most one in 100 good releases is undone by mistake.',
  )
})

it('says what was asked, seen and watched', () => {
  expect(splitText({ asked: 0.2, seen: 0.1963 })).toBe('20 % asked, 20 % seen')
  expect(splitText({ asked: 0.01, seen: null })).toBe('1 % asked, none seen yet')
  expect(requestsText({ canary: 3_412, live: 64_828 })).toBe('3,412 new, 64,828 live')
  expect([0, 66_000].map((watchedMs) => watchedText({ watchedMs }))).toEqual([
    'not yet',
    '1 m 06 s while all was well',
  ])
})
